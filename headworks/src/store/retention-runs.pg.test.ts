// Tests of old runs: successes go before failures, and what something still needs stays.

import { expect, test } from "vitest";
import { DEFAULT_RETENTION } from "../domain/retention.ts";
import { createTestDatabase } from "../testing/database.ts";
import type { Database } from "./database.ts";
import { previewPruning, pruneRuns } from "./retention.ts";

const DAY_MS = 86_400_000;
const AGES = { successesMs: 30 * DAY_MS, failuresMs: 180 * DAY_MS };

/** A run as a UUIDv7 tells its age; its partition names it. */
async function addRuns(
  database: Database,
  run: { name: string; daysAgo: number; outcome: string; task?: number; output?: number; times?: number },
): Promise<void> {
  await database.query(
    `insert into headworks.runs (id, task_id, output_id, namespace, processor, partition, attempt, attempt_used, outcome,
       worker_id, code_version, due_at, claimed_at, ended_at)
     select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 19))::uuid,
       $4, $5, 'prod', 'p', $1, 1, true, $3, gen_random_uuid(), 'v1', at, at, at
     from (select now() - make_interval(days => $2) as at) t, generate_series(1, $6)`,
    [run.name, run.daysAgo, run.outcome, run.task ?? 1, run.output ?? 1, run.times ?? 1],
  );
}

async function listRuns(database: Database): Promise<string[]> {
  const { rows } = await database.query<{ partition: string }>(
    "select partition from headworks.runs order by id",
  );
  return rows.map(({ partition }) => partition);
}

test("a success goes before a failure does, each at its age", async () => {
  await using db = await createTestDatabase();
  for (const outcome of ["success", "error"])
    for (const daysAgo of [181, 31, 29])
      await addRuns(db.database, { name: `${outcome} ${daysAgo}`, daysAgo, outcome });
  const { rows: before } = await db.database.query("select count(*)::int as n from headworks.runs");
  const [told] = await previewPruning(db.database, { ...DEFAULT_RETENTION, ...AGES });
  expect({ before, told }).toMatchObject({ before: [{ n: 6 }], told: { table: "runs", rows: 3 } });

  expect(await pruneRuns(db.database, AGES)).toMatchObject({ rows: 3 });

  expect((await listRuns(db.database)).sort()).toEqual(["error 29", "error 31", "success 29"]);
});

test("the last run of an output, the one that made its rows, and those of a failed task stay at any age, until the failure is resolved", async () => {
  await using db = await createTestDatabase();
  await addRuns(db.database, { name: "rows", daysAgo: 500, outcome: "success", output: 1 });
  await addRuns(db.database, { name: "between", daysAgo: 450, outcome: "success", output: 1 });
  await addRuns(db.database, { name: "last", daysAgo: 400, outcome: "success", output: 1 });
  await addRuns(db.database, { name: "failed", daysAgo: 390, outcome: "error", output: 2, task: 7 });
  await db.database.query(`
    insert into headworks.outputs (id, namespace, processor, partition, opens_at, status, run_id, changed_by)
    overriding system value
    select 1, 'prod', 'p', 'a', now(), 'complete', (select id from headworks.runs where partition = 'last'),
      (select id from headworks.runs where partition = 'rows');
    insert into headworks.tasks (id, output_id, namespace, processor, partition, queue, priority, state)
    overriding system value values (7, 2, 'prod', 'p', 'b', 'default', 1, 'failed');
    update headworks.tasks set fingerprint = '0123456789abcdef';
    insert into headworks.failures (fingerprint, count, first_seen_at, last_seen_at, last_code_version)
      values ('0123456789abcdef', 1, now(), now(), 'v1')`);

  await pruneRuns(db.database, AGES);
  expect(await listRuns(db.database)).toEqual(["rows", "last", "failed"]);

  await db.database.query("update headworks.failures set state = 'resolved', resolved_at = now()");
  await pruneRuns(db.database, AGES);
  expect(await listRuns(db.database)).toEqual(["rows", "last"]);
});

test("more runs than a batch holds go, also when a whole batch before them stays", async () => {
  await using db = await createTestDatabase();
  await addRuns(db.database, { name: "kept", daysAgo: 170, outcome: "error", times: 1_000 });
  await addRuns(db.database, { name: "gone", daysAgo: 100, outcome: "success", times: 1_500 });

  expect(await pruneRuns(db.database, AGES)).toMatchObject({ rows: 1_500 });
  expect(new Set(await listRuns(db.database))).toEqual(new Set(["kept"]));
});
