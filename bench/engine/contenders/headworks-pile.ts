// Makes a big store of Headworks by set-based SQL: hours that wait as ready tasks, and hours that have settled.

import type { Database } from "../../../headworks/src/store/database.ts";

const HOUR = `to_char(timestamp 'epoch' + hour * interval '1 hour', 'YYYY-MM-DD"T"HH24') || '+00:00'`;

/** Gives the number of hours used up. Settled ones lie before pending ones, and are of a processor of their own name. */
export async function pileHeadworks(
  database: Database,
  { pending, settled }: { pending: number; settled: number },
): Promise<number> {
  const connection = await database.connect();
  try {
    await connection.query("set statement_timeout = 0");
    await connection.query(
      `with planned as (
         insert into headworks.outputs (namespace, processor, partition, opens_at)
         select 'prod', 'noop', ${HOUR}, now() from generate_series(0, $1::int4 - 1) as hour
         returning id, partition)
       insert into headworks.tasks (output_id, namespace, processor, partition, queue, priority, state)
       select planned.id, 'prod', 'noop', planned.partition, p.queue, p.priority, 'ready'
       from planned, headworks.processors p where p.name = 'noop' order by planned.id`,
      [pending],
    );
    await connection.query(
      `with done as (
         insert into headworks.outputs (namespace, processor, partition, status, outcome, records, opens_at, settled_at, run_id)
         select 'prod', 'settled_' || hour % 50, ${HOUR}, 'complete', 'success', 0, now(), now(), gen_random_uuid()
         from generate_series(0, $1::int4 - 1) as hour
         returning id, run_id, processor, partition)
       insert into headworks.runs (id, task_id, output_id, namespace, processor, partition, attempt, attempt_used, outcome,
         worker_id, code_version, due_at, claimed_at, ended_at)
       select run_id, -id, id, 'prod', processor, partition, 1, true, 'success', gen_random_uuid(), 'bench', now(), now(), now()
       from done`,
      [settled],
    );
    await connection.query("vacuum analyze headworks.outputs, headworks.tasks, headworks.runs");
    return pending;
  } finally {
    await connection.query("reset statement_timeout");
    connection.release();
  }
}
