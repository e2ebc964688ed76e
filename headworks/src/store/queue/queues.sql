-- name: listQueues :many
-- each queue that is used: its limits, the tokens it holds now, and its tasks by state
-- returns: name text, paused_at timestamptz?, rate float8?, burst float8, max_concurrent int4?, tokens float8?,
--   scheduled int8, ready int8, running int8, waiting int8, failed int8
select q.name, q.paused_at, q.rate, q.burst, q.max_concurrent,
  case when q.rate is not null
    then least(q.burst, q.tokens + q.rate * greatest(0, extract(epoch from clock_timestamp() - q.refilled_at)::float8)) end as tokens,
  count(*) filter (where t.state = 'scheduled') as scheduled, count(*) filter (where t.state = 'ready') as ready,
  count(*) filter (where t.state = 'running') as running, count(*) filter (where t.state = 'waiting') as waiting,
  count(*) filter (where t.state = 'failed') as failed
from headworks.queues q
left join headworks.tasks t on t.queue = q.name
where exists (select from headworks.processors p where p.queue = q.name and p.retired_at is null) or t.id is not null
group by q.name
order by q.name;

-- name: pauseQueue :one
-- from now on nothing is claimed from it; one that is paused stays so since then
-- params: name text
-- returns: paused_at timestamptz!, was_paused bool
update headworks.queues q set paused_at = coalesce(before.paused_at, clock_timestamp())
from (select name, paused_at from headworks.queues where name = $name for update) as before
where q.name = before.name
returning q.paused_at, before.paused_at is not null as was_paused;

-- name: resumeQueue :one
-- it is claimed from again, with the tokens that have come in meanwhile, at most a burst
-- params: name text
-- returns: was_paused bool
update headworks.queues q set paused_at = null
from (select name, paused_at from headworks.queues where name = $name for update) as before
where q.name = before.name
returning before.paused_at is not null as was_paused;

-- name: countPurgeable :one
-- how many tasks of a namespace a purge would delete now, how many it would leave, and the newest that it may touch
-- params: queue text, namespace text
-- returns: purgeable int8, running int8, failed int8, newest_id int8
select count(*) filter (where state in ('scheduled', 'ready', 'waiting')) as purgeable,
  count(*) filter (where state = 'running') as running, count(*) filter (where state = 'failed') as failed,
  coalesce(max(id), 0) as newest_id
from headworks.tasks where queue = $queue and namespace = $namespace;

-- name: listPurgeable :many
-- tasks of a namespace that wait for their turn, in order of id, after the first and up to the second id
-- params: queue text, after_id int8, newest_id int8, limit int8, namespace text
-- returns: id int8, output_id int8
select id, output_id from headworks.tasks
where queue = $queue and namespace = $namespace and state in ('scheduled', 'ready', 'waiting') and id > $after_id and id <= $newest_id
order by id limit $limit;

-- name: deleteIdleTasks :many
-- of these tasks, of one queue or of all, those that nobody holds and that still wait for their turn; the caller has locked their outputs
-- params: queue text?, ids int8[]
-- returns: output_id int8
with free as (
  select id from headworks.tasks
  where id = any ($ids::bigint[]) and ($queue::text is null or queue = $queue) and state in ('scheduled', 'ready', 'waiting')
  for update skip locked
)
delete from headworks.tasks t using free where t.id = free.id returning t.output_id;

-- name: waiveOutputs :many
-- the expected ones of these outputs: nobody expects them any more, for this reason. What was settled before stays as it is
-- params: output_ids int8[], reason text
-- returns: id int8
update headworks.outputs set status = 'waived', outcome = null, reason = $reason, fingerprint = null, vouched_by = null, settled_at = clock_timestamp()
where id = any ($output_ids::bigint[]) and status = 'expected'
returning id;
