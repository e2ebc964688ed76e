-- type WorkerRow (a runner process; what it says of itself is null until its first word): id uuid, namespace text, host text, process_key text, code_version text, concurrency int4,
--   started_at timestamptz, lease_expires_at timestamptz, lease_expired bool, memory_bytes int8?,
--   loop_delay_ms float8?, pool_connections int4?, pool_waiting int4?, vitals_at timestamptz?, running int8
-- type WorkerRun (a run that a worker holds now): worker_id uuid!, run_id uuid!, namespace text, processor text, partition text, attempt int4,
--   claimed_at timestamptz!, running_ms int8
-- type OrphanedTask (a task whose worker is gone, locked by the caller; after a restore the worker is unknown, since workers are not in a backup): id int8, output_id int8, namespace text, processor text, partition text, attempt int4,
--   attempts_used int4, alone bool, deaths_alone int2, waiting_since timestamptz?, first_claimed_at timestamptz?,
--   worker_id uuid!, run_id uuid!, due_at timestamptz, claimed_at timestamptz!, held_ms float8, traceparent text?,
--   from_archive bool, forced bool, rerun bool, code_version text, worker_known bool

-- name: registerWorker :exec
-- a runner process takes up work, under a lease
-- params: id uuid, host text, process_key text, code_version text, concurrency int4, lease_ms float8, namespace text
insert into headworks.workers (id, host, process_key, code_version, concurrency, lease_expires_at, namespace)
values ($id, $host, $process_key, $code_version, $concurrency, clock_timestamp() + make_interval(secs => $lease_ms::double precision / 1000), $namespace);

-- name: renewLeases :many
-- the supervisor's sign of life for its runners; a worker that is missing in the answer was taken over
-- params: ids uuid[], lease_ms float8
-- returns: id uuid
update headworks.workers set lease_expires_at = clock_timestamp() + make_interval(secs => $lease_ms::double precision / 1000)
where id = any ($ids::uuid[])
returning id;

-- name: recordVitals :exec
-- what a process says of itself
-- params: id uuid, memory_bytes int8, loop_delay_ms float8, pool_connections int4, pool_waiting int4
update headworks.workers
set memory_bytes = $memory_bytes, loop_delay_ms = $loop_delay_ms, pool_connections = $pool_connections, pool_waiting = $pool_waiting, vitals_at = clock_timestamp()
where id = $id;

-- name: removeWorker :exec
-- a runner that has settled or released everything leaves
-- params: id uuid
delete from headworks.workers w
where id = $id and not exists (select from headworks.tasks t where t.worker_id = w.id and t.state = 'running');

-- name: listWorkers :many
-- every runner process, with what it runs
-- returns: WorkerRow
select w.id, w.namespace, w.host, w.process_key, w.code_version, w.concurrency, w.started_at, w.lease_expires_at,
  w.lease_expires_at < clock_timestamp() as lease_expired,
  w.memory_bytes, w.loop_delay_ms, w.pool_connections, w.pool_waiting, w.vitals_at,
  (select count(*) from headworks.tasks t where t.worker_id = w.id and t.state = 'running') as running
from headworks.workers w order by w.started_at, w.id;

-- name: listWorkerRuns :many
-- what every runner process runs now, and for how long by the database's clock
-- returns: WorkerRun
select worker_id, run_id, namespace, processor, partition, attempt, claimed_at,
  round(extract(epoch from clock_timestamp() - claimed_at) * 1000)::bigint as running_ms
from headworks.tasks where state = 'running' order by claimed_at, id;

-- name: expireLeases :exec
-- ends the leases of workers whose process is known to be gone
-- params: ids uuid[]
update headworks.workers set lease_expires_at = '-infinity' where id = any ($ids::uuid[]);

-- name: lockOrphanedTasks :many
-- running tasks of a namespace whose worker's lease has run out, or whose worker is gone, in small batches: of the processors that the caller knows, and of those that are in no configuration any more
-- params: limit int8, known text[], namespace text
-- returns: OrphanedTask
with orphaned as materialized (
  -- All that is running, by its index; in the order of ids, a plan would read every task there is.
  select t.id, t.worker_id, t.attempt from headworks.tasks t
  left join headworks.workers w on w.id = t.worker_id
  where t.state = 'running' and t.namespace = $namespace and (w.id is null or w.lease_expires_at < clock_timestamp())
    and (t.processor = any ($known::text[])
      or not exists (select from headworks.processors p where p.namespace = t.namespace and p.name = t.processor and p.retired_at is null))
), in_order as materialized (
  select * from orphaned order by id
), locked as materialized (
  -- Those that another has locked don't count. One that was rescued since, and that somebody runs by now, is none of ours.
  select t.* from in_order cross join lateral (
    select * from headworks.tasks
    where tasks.id = in_order.id and worker_id = in_order.worker_id and attempt = in_order.attempt
    for update skip locked) as t
  limit $limit
)
select t.id, t.output_id, t.namespace, t.processor, t.partition, t.attempt, t.attempts_used, t.alone, t.deaths_alone,
  t.waiting_since, t.first_claimed_at, t.worker_id, t.run_id, t.due_at, t.claimed_at,
  extract(epoch from clock_timestamp() - t.claimed_at)::double precision * 1000 as held_ms, t.traceparent, t.from_archive, t.forced, t.rerun, coalesce(w.code_version, 'unknown') as code_version,
  w.id is not null as worker_known
from locked t
left join headworks.workers w on w.id = t.worker_id
order by t.id;

-- name: removeDeadWorkers :many
-- workers whose lease has run out and that hold nothing any more
-- returns: id uuid
delete from headworks.workers w
where w.lease_expires_at < clock_timestamp()
  and not exists (select from headworks.tasks t where t.worker_id = w.id and t.state = 'running')
returning w.id;
