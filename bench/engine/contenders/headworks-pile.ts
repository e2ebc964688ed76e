// Makes a big store of Headworks by set-based SQL: outputs that wait as ready tasks, and outputs that have settled.

import type { Database } from "../../../headworks/src/store/database.ts";
import type { Store } from "../contender.ts";
import { load } from "./load.ts";

/** Processors that the settled outputs are of. */
const PROCESSORS = 50;
/** The run of the output with this id. */
const RUN = "('01900000-0000-7000-8000-' || lpad(to_hex(id), 12, '0'))::uuid";
/** As the bench plans them: long past, also after millions. */
const HOUR = `to_char(timestamp '1000-01-01' + hour * interval '1 hour', 'YYYY-MM-DD"T"HH24') || '+00:00'`;

/** The pending outputs are the first hours of the processor `noop`; before them, by id, come the settled ones. */
export async function pileHeadworks(database: Database, store: Store, queue: string): Promise<void> {
  await Promise.all([
    loadTable(database, "headworks.outputs", outputsOf(store)),
    loadTable(database, "headworks.tasks", [tasksOf(store, queue)]),
    loadTable(database, "headworks.runs", [runsOf(store)]),
  ]);
}

function outputsOf(store: Store): string[] {
  return [
    `insert into headworks.outputs (id, namespace, processor, partition, status, outcome, records, opens_at, settled_at, run_id)
     overriding system value
     select id, 'prod', processor, partition, 'complete', 'success', 0, now(), now(), ${RUN} from (${settledOf(store)}) as settled`,
    `insert into headworks.outputs (id, namespace, processor, partition, opens_at) overriding system value
     select id, 'prod', 'noop', partition, now() from (${pendingOf(store)}) as pending`,
    `select setval(pg_get_serial_sequence('headworks.outputs', 'id'), ${store.settled + store.pending})`,
  ];
}

function tasksOf(store: Store, queue: string): string {
  return `insert into headworks.tasks (output_id, namespace, processor, partition, queue, priority, state)
    select id, 'prod', 'noop', partition, '${queue}', 0, 'ready' from (${pendingOf(store)}) as pending`;
}

function runsOf(store: Store): string {
  return `insert into headworks.runs (id, task_id, output_id, namespace, processor, partition, attempt, attempt_used, outcome,
      worker_id, code_version, traceparent, due_at, claimed_at, ended_at)
    select ${RUN}, -id, id, 'prod', processor, partition, 1, true, 'success', '00000000-0000-7000-8000-000000000002', 'bench',
      '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', now(), now(), now() from (${settledOf(store)}) as settled`;
}

/** Hour by hour within each processor. */
function settledOf({ settled }: Store): string {
  const each = Math.ceil(settled / PROCESSORS);
  return `select id, 'settled_' || id / ${each} as processor, ${HOUR} as partition
    from generate_series(1::int8, ${settled}) as id, lateral (select id % ${each} as hour) as place`;
}

function pendingOf({ pending, settled }: Store): string {
  return `select ${settled + 1} + hour as id, ${HOUR} as partition from generate_series(0, ${pending - 1}) as hour`;
}

async function loadTable(database: Database, table: string, statements: readonly string[]): Promise<void> {
  const connection = await database.connect();
  await load(connection, table, async () => {
    for (const statement of statements) await connection.query(statement);
  });
  connection.release();
}

/** Makes all that is pending due tomorrow. */
export async function postponeHeadworks(database: Database): Promise<void> {
  const connection = await database.connect();
  await connection.query("set statement_timeout = 0");
  await connection.query(
    "update headworks.tasks set state = 'scheduled', due_at = now() + interval '1 day' where state = 'ready'",
  );
  await connection.query("reset statement_timeout");
  connection.release();
}
