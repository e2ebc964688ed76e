-- from ../../domain/settlement/outcome.ts: Outcome
-- from ../../domain/settlement/states.ts: AddedState, TaskState
-- type AddedTask: partition text, state text<AddedState>, due_at timestamptz?
-- type TaskListing: id int8, processor text, partition text, queue text, lane text, state text<TaskState>,
--   priority int2, priority_by_hand bool, due_at timestamptz, expires_at timestamptz?, attempts_used int4,
--   last_outcome text<Outcome>?, last_reason text?, last_error text?

-- name: rememberKey :one
-- whether a key is new: not yet given within 24 hours. Older ones are forgotten, at most 1,000 at once
-- params: key text
-- returns: is_new bool
with old as (
  select key from headworks.dedupe_keys
  where added_at < (select clock_timestamp()) - interval '24 hours' and key <> $key order by added_at limit 1000
), forgotten as (
  delete from headworks.dedupe_keys k using old where k.key = old.key
), remembered as (
  insert into headworks.dedupe_keys as k (key) values ($key)
  on conflict (key) do update set added_at = clock_timestamp()
    where k.added_at < clock_timestamp() - interval '24 hours'
  returning key
)
select exists (select from remembered) as is_new;

-- name: findOutputs :many
-- the rows of the ledger of these partitions, in the order they are named in
-- params: namespace text, processor text, partitions text[]
-- returns: id int8, partition text
select o.id, o.partition
from unnest($partitions::text[]) with ordinality as named (partition, place)
join headworks.outputs o on o.namespace = $namespace and o.processor = $processor and o.partition = named.partition
order by named.place;

-- name: addTasks :many
-- a task for each of these outputs, the first after the delay, each next one so much later; one that is there is moved, unless it runs. The caller has locked the outputs
-- params: output_ids int8[], delay_s float8, every_s float8, priority int2?, expires_after_s float8?, lane text
-- returns: AddedTask
with clock as materialized (
  select clock_timestamp() as at
), current as materialized (
  select o.id, o.namespace, o.processor, o.partition, o.status, p.queue,
    -- Held, so that a lane which is being given up takes its tasks along; of one that is gone, the task is live.
    coalesce((select l.name from headworks.lanes l where l.queue = p.queue and l.name = $lane and l.namespace = o.namespace for key share),
      headworks.lane_of(o.namespace)) as lane,
    coalesce($priority::smallint, p.priority) as priority, clock.at, clock.at + make_interval(secs => $delay_s::float8 + (named.place - 1) * $every_s::float8) as due_at
  from clock, unnest($output_ids::bigint[]) with ordinality as named (id, place)
    join headworks.outputs o on o.id = named.id
    join headworks.processors p on p.namespace = o.namespace and p.name = o.processor and p.retired_at is null
), held as materialized (
  -- One that is claimed at this moment runs.
  select t.id, t.output_id from headworks.tasks t
  where t.output_id in (select id from current) and t.state <> 'running'
  for update skip locked
), moved as (
  update headworks.tasks t
  set state = case when s.due_at > s.at then 'scheduled' else 'ready' end, due_at = s.due_at,
    expires_at = s.due_at + make_interval(secs => $expires_after_s), priority = s.priority, priority_by_hand = $priority is not null,
    forced = false, from_archive = false, rerun = s.status = 'complete', attempts_used = 0, deaths_alone = 0, alone = false,
    waiting_since = null, first_claimed_at = null, waits_for = null, lane = s.lane
  from held join current s on s.id = held.output_id
  where t.id = held.id
  returning t.output_id, t.state, t.due_at
), made as (
  insert into headworks.tasks (output_id, namespace, processor, partition, queue, priority, priority_by_hand, state, due_at, expires_at, rerun, lane)
  select id, namespace, processor, partition, queue, priority, $priority is not null,
    case when due_at > at then 'scheduled' else 'ready' end, due_at, due_at + make_interval(secs => $expires_after_s), status = 'complete', lane
  from current s
  where not exists (select from headworks.tasks t where t.output_id = s.id)
  on conflict (output_id) do nothing
  returning output_id, state, due_at
), added as (
  select * from moved union all select * from made
), reopened as (
  update headworks.outputs o set status = 'expected'
  from added where o.id = added.output_id and o.status in ('failed', 'waived')
)
select s.partition, coalesce(added.state, 'running') as state, added.due_at
from current s left join added on added.output_id = s.id
order by s.due_at, s.partition;

-- name: listTasks :many
-- tasks after this id, in order of id
-- params: namespace text, processor text?, queue text?, state text?, lane text?, after_id int8, limit int8
-- returns: TaskListing
select id, processor, partition, queue, lane, state, priority, priority_by_hand, due_at, expires_at, attempts_used, last_outcome,
  last_reason, last_error
from headworks.tasks
where namespace = $namespace and ($processor::text is null or processor = $processor) and ($queue::text is null or queue = $queue)
  and ($state::text is null or state = $state) and ($lane::text is null or lane = $lane) and id > $after_id
order by id limit $limit;

-- name: listTasksOf :many
-- the tasks of these outputs
-- params: output_ids int8[]
-- returns: id int8, output_id int8
select id, output_id from headworks.tasks where output_id = any ($output_ids::bigint[]) order by id;

-- name: prioritizeTasks :many
-- a priority by hand for the tasks of these outputs; null gives back that of their processor
-- params: output_ids int8[], priority int2?
-- returns: partition text, priority int2
update headworks.tasks t set priority = coalesce($priority::smallint, p.priority), priority_by_hand = $priority is not null
from headworks.processors p
where t.output_id = any ($output_ids::bigint[]) and p.namespace = t.namespace and p.name = t.processor
returning t.partition, t.priority;

-- name: listExpired :many
-- tasks of a namespace that ought to have begun by now
-- params: limit int8, namespace text
-- returns: output_id int8
select output_id from headworks.tasks
where expires_at <= (select clock_timestamp()) and first_claimed_at is null and state in ('scheduled', 'ready') and namespace = $namespace
order by expires_at limit $limit;

-- name: failExpired :many
-- scheduled or ready → failed: those of these outputs' tasks that nobody has begun in time; the caller has locked the outputs
-- params: output_ids int8[]
-- returns: output_id int8, processor text, id int8
with late as (
  select t.id from unnest($output_ids::bigint[]) as asked (output_id)
  cross join lateral (
    select id from headworks.tasks
    -- As a case, the state offers no plan that goes through the index of all that is due.
    where tasks.output_id = asked.output_id and expires_at <= clock_timestamp() and first_claimed_at is null
      and case when state in ('scheduled', 'ready') then true end
    for update skip locked) as t
)
update headworks.tasks t
set state = 'failed', expires_at = null, fingerprint = null, failed_at = clock_timestamp(),
  first_failed_at = coalesce(t.first_failed_at, clock_timestamp()), last_outcome = 'timeout', last_reason = 'expired',
  last_error = 'it had not begun by ' || to_char(t.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || ', when it expired'
from late where t.id = any (array[late.id])
returning t.output_id, t.processor, t.id;

-- name: markExpired :exec
-- what these tasks have failed with
-- params: id int8[], fingerprint text[]
update headworks.tasks t set fingerprint = marked.fingerprint
from unnest($id::bigint[], $fingerprint::text[]) as marked (id, fingerprint) where t.id = any (array[marked.id]);

-- name: failExpiredOutputs :many
-- the expected ones of these outputs failed: their time to begin is over
-- params: id int8[], fingerprint text[]
-- returns: id int8
update headworks.outputs o
set status = 'failed', outcome = 'timeout', reason = 'expired', fingerprint = late.fingerprint, vouched_by = null,
  settled_at = clock_timestamp()
from unnest($id::bigint[], $fingerprint::text[]) as late (id, fingerprint)
where o.id = any (array[late.id]) and o.status = 'expected'
returning o.id;
