// Tests of old runs: successes go before failures, and what something still needs stays.

import { expect, test } from "vitest";
import { weekOf } from "../../domain/retention.ts";
import { createTestDatabase } from "../../testing/database.ts";
import type { Database } from "../database.ts";
import { previewRuns, pruneRuns } from "./runs.ts";

const DAY_MS = 86_400_000;
const AGES = { successesMs: 30 * DAY_MS, failuresMs: 180 * DAY_MS };

/** A run as a UUIDv7 tells its age; its partition names it. */
async function addRuns(
  database: Database,
  run: { name: string; daysAgo: number; outcome: string; task?: number; output?: number; times?: number },
): Promise<void> {
  await database.query(
    `insert into headworks.runs (id, task_id, output_id, namespace, processor, partition, attempt, attempt_used, outcome,
       fingerprint, worker_id, code_version, due_at, claimed_at, ended_at)
     select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 19))::uuid,
       $4, $5, 'prod', 'p', $1, 1, true, $3, case when $3 <> 'success' then 'feedfeedfeedfeed' end, gen_random_uuid(), 'v1', at, at, at
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
  const told = await previewRuns(db.database, AGES);
  expect({ before, told }).toMatchObject({ before: [{ n: 6 }], told: { table: "runs", rows: 3 } });

  expect(await pruneRuns({ database: db.database }, AGES)).toMatchObject({ rows: 3 });

  expect((await listRuns(db.database)).sort()).toEqual(["error 29", "error 31", "success 29"]);
});

/** As if the table had been divided for so long: makes the weeks of these days. */
async function divideSince(database: Database, ...daysAgo: number[]): Promise<string[]> {
  await database.query(`
    alter table headworks.runs detach partition headworks.runs_before;
    do $$ begin execute format('alter table headworks.runs attach partition headworks.runs_before for values from (minvalue) to (%L)',
      headworks.first_run_id(now() - interval '600 days')); end $$`);
  const weeks = daysAgo.map((days) =>
    new Date(weekOf(Date.now() - days * DAY_MS)).toISOString().slice(0, 10),
  );
  for (const week of weeks) await database.query("select headworks.make_run_week($1)", [week]);
  return weeks.map((week) => `runs_${week.replaceAll("-", "")}`);
}

/** A failed task, 7. */
const FAILED_TASK = `
  insert into headworks.tasks (id, output_id, namespace, processor, partition, queue, priority, state, fingerprint)
    overriding system value values (7, 2, 'prod', 'p', 'b', 'default', 1, 'failed', '0123456789abcdef');
  insert into headworks.failures (namespace, fingerprint, count, first_seen_at, last_seen_at, last_code_version)
    values ('prod', '0123456789abcdef', 1, now(), now(), 'v1')`;
const RESOLVED = "update headworks.failures set state = 'resolved', resolved_at = now()";

test("weeks of runs are dropped: their successes first, then whole; what isn't old, and what a task still needs, stays", async () => {
  await using db = await createTestDatabase();
  const [older, old] = await divideSince(db.database, 200, 100);
  for (const [daysAgo, task] of [
    [200, 1],
    [200, 7],
    [100, 1],
    [1, 1],
  ] as const)
    for (const outcome of ["success", "error"])
      await addRuns(db.database, { name: `${outcome} ${daysAgo} ${task}`, daysAgo, outcome, task });
  await db.database.query(FAILED_TASK);
  const partitions = [`${old}_success`, `${older}_other`, `${older}_success`];
  expect(await previewRuns(db.database, AGES)).toMatchObject({ rows: 0, partitions: partitions.toSorted() });

  const pruned = await pruneRuns({ database: db.database }, AGES);

  expect(pruned).toMatchObject({ rows: 0, bytes: expect.any(Number) });
  expect(pruned.partitions.toSorted()).toEqual(partitions.toSorted());
  const kept = ["error 100 1", "error 1 1", "success 1 1"];
  expect((await listRuns(db.database)).toSorted()).toEqual(
    ["error 200 7", "success 200 7", ...kept].toSorted(),
  );

  // A look later nothing more is to be done, until the failure is resolved.
  expect(await pruneRuns({ database: db.database }, AGES)).toMatchObject({ partitions: [], rows: 0 });
  await db.database.query(RESOLVED);
  expect(await pruneRuns({ database: db.database }, AGES)).toMatchObject({ partitions: [], rows: 2 });
  expect((await listRuns(db.database)).toSorted()).toEqual(kept.toSorted());
});

test("a run that is in no week is found all the same, and moves into its week when that is made", async () => {
  await using db = await createTestDatabase();
  await addRuns(db.database, { name: "ahead", daysAgo: -40, outcome: "success" });
  const where = async () =>
    (
      await db.database.query(
        "select relname as part from headworks.runs r join pg_class c on c.oid = r.tableoid",
      )
    ).rows;
  expect(await where()).toEqual([{ part: "runs_default" }]);

  const week = new Date(weekOf(Date.now() + 40 * DAY_MS)).toISOString().slice(0, 10);
  await db.database.query("select headworks.make_run_week($1)", [week]);

  expect(await where()).toEqual([{ part: `runs_${week.replaceAll("-", "")}_success` }]);
});

test("runs older than the first week are pruned by rows, and the views built on them stay; new ones are divided", async () => {
  await using db = await createTestDatabase();
  await db.database.query("create view public.mine as select id, outcome from headworks.v_runs");
  for (const [name, daysAgo] of [
    ["old", 100],
    ["younger", 20],
    ["next", -8],
  ] as const)
    await addRuns(db.database, { name, daysAgo, outcome: "success" });
  const parts =
    "select partition, relname as part from headworks.runs r join pg_class c on c.oid = r.tableoid order by id";
  expect((await db.database.query(parts)).rows).toEqual([
    { partition: "old", part: "runs_before" },
    { partition: "younger", part: "runs_before" },
    { partition: "next", part: expect.stringMatching(/_success$/) },
  ]);

  expect(await pruneRuns({ database: db.database }, AGES)).toMatchObject({ rows: 1, partitions: [] });

  expect(await listRuns(db.database)).toEqual(["younger", "next"]);
  expect((await db.database.query("select from public.mine")).rowCount).toBe(2);
});

test("runs of a failed task stay at any age, until the failure is resolved", async () => {
  await using db = await createTestDatabase();
  await addRuns(db.database, { name: "failed", daysAgo: 390, outcome: "error", output: 2, task: 7 });
  await addRuns(db.database, { name: "gone", daysAgo: 390, outcome: "error", output: 2, task: 8 });
  await db.database.query(FAILED_TASK);

  await pruneRuns({ database: db.database }, AGES);
  expect(await listRuns(db.database)).toEqual(["failed"]);

  await db.database.query(RESOLVED);
  await pruneRuns({ database: db.database }, AGES);
  expect(await listRuns(db.database)).toEqual([]);
});

test("more runs than a batch holds go, also when a whole batch before them stays", async () => {
  await using db = await createTestDatabase();
  await addRuns(db.database, { name: "kept", daysAgo: 170, outcome: "error", times: 1_000 });
  await addRuns(db.database, { name: "gone", daysAgo: 100, outcome: "success", times: 1_500 });

  expect(await pruneRuns({ database: db.database }, AGES)).toMatchObject({ rows: 1_500 });
  expect(new Set(await listRuns(db.database))).toEqual(new Set(["kept"]));
});
