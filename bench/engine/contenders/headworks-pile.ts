// Makes a big store of Headworks by set-based SQL: outputs that wait as ready tasks, and outputs that have settled.

import type { Connection, Database } from "../../../headworks/src/store/database.ts";
import type { Store } from "../contender.ts";

/** Processors that the settled outputs are of. */
const PROCESSORS = 50;
const HOUR = `to_char(timestamp 'epoch' + hour * interval '1 hour', 'YYYY-MM-DD"T"HH24') || '+00:00'`;

// The first statement of a table's first transaction after it was emptied writes no log, as PostgreSQL has it for bulk loads.
const EMPTY = "truncate headworks.outputs, headworks.tasks, headworks.runs";

const PENDING = `
with planned as (
  insert into headworks.outputs (namespace, processor, partition, opens_at)
  select 'prod', 'noop', ${HOUR}, now() from generate_series(0, $1::int4 - 1) as hour
  returning id, partition
)
insert into headworks.tasks (output_id, namespace, processor, partition, queue, priority, state)
select planned.id, 'prod', 'noop', planned.partition, $2, 0, 'ready' from planned order by planned.id`;

const SETTLED = `
with done as (
  insert into headworks.outputs (namespace, processor, partition, status, outcome, records, opens_at, settled_at, run_id)
  select 'prod', 'settled_' || processor, ${HOUR}, 'complete', 'success', 0, now(), now(), uuidv7()
  from generate_series(1, ${PROCESSORS}) as processor, generate_series(1, $1::int4 / ${PROCESSORS}) as hour
  returning id, run_id, processor, partition
)
insert into headworks.runs (id, task_id, output_id, namespace, processor, partition, attempt, attempt_used, outcome,
  worker_id, code_version, traceparent, due_at, claimed_at, ended_at)
select run_id, -id, id, 'prod', processor, partition, 1, true, 'success', '00000000-0000-7000-8000-000000000002', 'bench',
  '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', now(), now(), now()
from done`;

/** The pending outputs are the first hours of the processor `noop`. */
export async function pileHeadworks(
  database: Database,
  { pending, settled }: Store,
  queue: string,
): Promise<void> {
  await withoutTimeout(database, async (connection) => {
    await connection.query("begin");
    await connection.query(EMPTY);
    await connection.query(SETTLED, [settled]);
    await connection.query(PENDING, [pending, queue]);
    await connection.query("commit");
    await connection.query("vacuum analyze headworks.outputs, headworks.tasks, headworks.runs");
  });
}

/** Makes all that is pending due tomorrow. */
export async function postponeHeadworks(database: Database): Promise<void> {
  await withoutTimeout(database, (connection) =>
    connection.query(
      "update headworks.tasks set state = 'scheduled', due_at = now() + interval '1 day' where state = 'ready'",
    ),
  );
}

async function withoutTimeout(
  database: Database,
  work: (connection: Connection) => Promise<unknown>,
): Promise<void> {
  const connection = await database.connect();
  try {
    await connection.query("set statement_timeout = 0");
    await work(connection);
  } finally {
    await connection.query("reset statement_timeout");
    connection.release();
  }
}
