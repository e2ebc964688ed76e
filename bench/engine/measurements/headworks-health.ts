// How long `headworks health` takes on a ledger of 30 days with many runs: its queries, and the whole command from source.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { processor } from "../../../headworks/src/define/processor.ts";
import { readHealth } from "../../../headworks/src/inspect/read-health.ts";
import type { Database } from "../../../headworks/src/store/database.ts";
import type { Contender, Place } from "../contender.ts";
import { HOURS } from "../contenders/headworks.ts";
import { openRunner } from "../contenders/headworks-runner.ts";
import { load } from "../contenders/load.ts";

/** Milliseconds each time. */
export interface Health {
  queries: number[];
  command: number[];
}

const PROCESSORS = 55;
const HOURS_BACK = 30 * 24;
const QUERIES = 15;
const COMMANDS = 5;
const COMMAND = new URL("../../../headworks/bin/headworks.js", import.meta.url).pathname;
/** `health` found something wrong, as it should here. */
const WRONG = 1;

export async function measureHealth(
  _contender: Contender,
  place: Place,
  { runs }: { runs: number },
): Promise<Health> {
  const processors = Array.from({ length: PROCESSORS }, (_, index) =>
    processor(`processor_${index}`, { phase: "all", partitions: HOURS, run: () => undefined }),
  );
  const runner = await openRunner(place, processors);
  const { database } = runner.services;
  try {
    await fill(database, runs);
    const queries = await times(QUERIES, () => readHealth(database, "prod"));
    const command = await times(COMMANDS, () => runCommand(place));
    return { queries, command };
  } finally {
    await runner.close();
  }
}

/** The first one warms up. */
async function times(count: number, work: () => Promise<unknown>): Promise<number[]> {
  const milliseconds: number[] = [];
  for (let time = 0; time <= count; time++) {
    const began = performance.now();
    await work();
    if (time > 0) milliseconds.push(performance.now() - began);
  }
  return milliseconds;
}

async function runCommand({ databaseUrl, folder }: Place): Promise<void> {
  const env = { ...process.env, DATABASE_URL: databaseUrl };
  const command = promisify(execFile)(process.execPath, [COMMAND, "health", "--json"], { cwd: folder, env });
  await command.catch((error: { code?: unknown }) => {
    if (error.code !== WRONG) throw error;
  });
}

/** Hour by hour backwards. One output in a hundred has failed, one is degraded, one is expected and late. */
const OUTPUTS = `
select n, 'processor_' || n % ${PROCESSORS} as processor, hour,
  to_char(hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24') || '+00:00' as partition,
  case n % 100 when 0 then 'failed' when 1 then 'degraded' when 2 then 'expected' else 'complete' end as status,
  case n % 100 when 0 then 'error' when 1 then 'validation_failed' when 2 then null else 'success' end as outcome,
  case n % 100 when 1 then 'below_expected' end as reason,
  case n % 100 when 0 then '00000000000000ee' when 1 then '00000000000000be' end as fingerprint
from generate_series(1, ${PROCESSORS * HOURS_BACK}) as n,
  lateral (select date_trunc('hour', now()) - make_interval(hours => 1 + n / ${PROCESSORS}) as hour) as place`;

async function fill(database: Database, runs: number): Promise<void> {
  const connection = await database.connect();
  const write = (table: string, statement: string, values: unknown[] = []) =>
    load(connection, table, async () => void (await connection.query(statement, values)));
  await write(
    "headworks.outputs",
    `insert into headworks.outputs (id, namespace, processor, partition, status, outcome, reason, fingerprint, records, opens_at, expected_by,
       settled_at)
     overriding system value
     select n, 'prod', processor, partition, status, outcome, reason, fingerprint, 1, hour, hour + interval '1 hour',
       case when status <> 'expected' then hour end from (${OUTPUTS}) as o`,
  );
  await write(
    "headworks.tasks",
    `insert into headworks.tasks (output_id, namespace, processor, partition, queue, priority, state, due_at, last_outcome, fingerprint)
     select n, 'prod', processor, partition, 'default', 0, 'failed', hour, outcome, fingerprint from (${OUTPUTS}) as o
     where status = 'failed'`,
  );
  await write(
    "headworks.runs",
    `insert into headworks.runs (id, task_id, output_id, namespace, processor, partition, attempt, attempt_used, outcome, reason,
       fingerprint, worker_id, code_version, due_at, claimed_at, ended_at)
     select uuidv7(), n, n, 'prod', processor, partition, attempt, true, coalesce(outcome, 'error'), reason,
       coalesce(fingerprint, case when outcome is null then '00000000000000ff' end), '00000000-0000-7000-8000-000000000002', 'bench', hour, hour, hour
     from (${OUTPUTS}) as o, generate_series(1, $1::int4) as attempt`,
    [Math.ceil(runs / (PROCESSORS * HOURS_BACK))],
  );
  connection.release();
}
