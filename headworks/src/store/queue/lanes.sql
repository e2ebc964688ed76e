-- type DeclaredLane: queue text, name text, weight float8, rate float8?, burst float8
-- type LaneRow: name text, is_own bool, weight float8, ready int8, running int8, tokens float8?, pass float8,
--   max_concurrent int4?, queue_tokens float8?, now_us int8

-- name: lockQueueOfLanes :maybe
-- locks the queue's row for a claim, unless it is paused, the worker's lease is over or another code version is registered in its namespace
-- params: queue text, worker uuid, code_version text, namespace text
-- returns: name text
select q.name from headworks.queues q
where q.name = $queue and q.paused_at is null
  and exists (select from headworks.workers where workers.id = $worker and namespace = $namespace and lease_expires_at > clock_timestamp())
  and exists (select from headworks.namespaces where name = $namespace and code_version = $code_version)
for update of q;

-- name: readLanes :many
-- the lanes of a queue whose row the caller has locked, with what each could start (at most so many), at one instant. A claim of `prod` competes with no other namespace, and one of another namespace with `prod` alone
-- params: queue text, limit int8, alone bool, only_outputs int8[]?, namespace text
-- returns: LaneRow
with clock as materialized (select clock_timestamp() as now),
lanes as (
  select namespace, name, weight, rate, burst, tokens, refilled_at, pass from headworks.lanes where queue = $queue
  union all
  -- A queue that isn't divided has work of `prod` all the same.
  select 'prod', 'live', 1, null, 1, 0, 'epoch', 0
  where not exists (select from headworks.lanes where queue = $queue and namespace = 'prod')
)
select l.name, l.namespace = $namespace as is_own, l.weight,
  case when l.namespace not in ('prod', $namespace) then 0
  when $alone then (select count(*) from (
    select from headworks.tasks t
    where t.queue = $queue and t.lane = l.name and t.state = 'ready' and t.alone
      and ($only_outputs::bigint[] is null or t.output_id = any ($only_outputs)) limit $limit) as found)
  else (select count(*) from (
    select from headworks.tasks t
    where t.queue = $queue and t.lane = l.name and t.state = 'ready' and not t.alone
      and ($only_outputs::bigint[] is null or t.output_id = any ($only_outputs)) limit $limit) as found) end as ready,
  (select count(*) from headworks.tasks t where t.queue = $queue and t.lane = l.name and t.state = 'running') as running,
  case when l.rate is not null then least(l.burst,
    l.tokens + l.rate * greatest(0, extract(epoch from clock.now - l.refilled_at)::float8)) end as tokens,
  l.pass, q.max_concurrent,
  case when q.rate is not null then least(q.burst,
    q.tokens + q.rate * greatest(0, extract(epoch from clock.now - q.refilled_at)::float8)) end as queue_tokens,
  (extract(epoch from clock.now) * 1000000)::int8 as now_us
from clock, lanes l, headworks.queues q
where q.name = $queue
order by l.name;

-- name: claimFromLanes :many
-- ready → running: so many of each of these lanes, by priority, then due time; each lane's tokens and pass, and the queue's tokens, are moved by what was taken
-- params: queue text, worker uuid, run_ids uuid[], alone bool, only_outputs int8[]?, lane text[], slots int8[],
--   start float8[], tokens float8?[], queue_tokens float8?, now_us int8
-- returns: id int8, output_id int8, processor text, partition text, namespace text, attempt int4, attempts_used int4,
--   alone bool, deaths_alone int2, waiting_since timestamptz?, first_claimed_at timestamptz?, run_id uuid!,
--   due_at timestamptz, claimed_at timestamptz!, traceparent text?, from_archive bool, forced bool, rerun bool
with clock as materialized (
  select timestamptz 'epoch' + $now_us::bigint * interval '1 microsecond' as now
), granted as materialized (
  select * from unnest($lane::text[], $slots::bigint[], $start::float8[], $tokens::float8[]) as g (lane, slots, start, tokens)
), picked as materialized (
  select free.id, free.lane, row_number() over (order by free.priority, free.due_at, free.id) as place
  from granted g, lateral (
    select * from (
      select t.id, t.lane, t.priority, t.due_at from headworks.tasks t
      where not $alone and t.queue = $queue and t.lane = g.lane and t.state = 'ready' and not t.alone
        and ($only_outputs::bigint[] is null or t.output_id = any ($only_outputs))
      order by t.priority, t.due_at, t.id limit g.slots for update skip locked) as others
    union all
    select * from (
      select t.id, t.lane, t.priority, t.due_at from headworks.tasks t
      where $alone and t.queue = $queue and t.lane = g.lane and t.state = 'ready' and t.alone
        and ($only_outputs::bigint[] is null or t.output_id = any ($only_outputs))
      order by t.priority, t.due_at, t.id limit g.slots for update skip locked) as alone
  ) as free
), charged as (
  update headworks.lanes l
  set tokens = coalesce(g.tokens - taken.n, 0), refilled_at = clock.now, pass = g.start + taken.n / l.weight
  from clock, granted g, (select lane, count(*) as n from picked group by lane) as taken
  where l.queue = $queue and l.name = g.lane and taken.lane = g.lane
), spent as (
  update headworks.queues q
  set tokens = coalesce($queue_tokens::float8 - (select count(*) from picked), 0), refilled_at = clock.now, claims = q.claims + 1
  from clock where q.name = $queue and exists (select from picked)
)
update headworks.tasks t
set state = 'running', worker_id = $worker, attempt = attempt + 1, run_id = ($run_ids::uuid[])[picked.place],
  claimed_at = clock.now, waits_for = null
from picked, clock where t.id = any (array[picked.id])
returning t.id, t.output_id, t.processor, t.partition, t.namespace, t.attempt, t.attempts_used, t.alone, t.deaths_alone,
  t.waiting_since, t.first_claimed_at, t.run_id, t.due_at, t.claimed_at, t.traceparent, t.from_archive, t.forced, t.rerun;

-- name: upsertLanes :exec
-- the lanes of `prod` as declared; tokens and passes are kept, and a lane that is no longer declared goes
-- params: lanes json<DeclaredLane[]>
with wanted as materialized (
  select * from json_to_recordset($lanes) as w (queue text, name text, weight float8, rate float8, burst float8)
), gone as (
  delete from headworks.lanes l
  where l.namespace = 'prod' and not exists (select from wanted w where w.queue = l.queue and w.name = l.name)
)
insert into headworks.lanes as l (namespace, queue, name, weight, rate, burst, tokens)
select 'prod', queue, name, weight, rate, burst, burst from wanted
on conflict (queue, name) do update
set weight = excluded.weight, rate = excluded.rate, burst = excluded.burst
where (l.weight, l.rate, l.burst) is distinct from (excluded.weight, excluded.rate, excluded.burst);

-- name: insertNamespaceLanes :exec
-- a lane in each of these queues for the work of a namespace
-- params: namespace text, queues text[]
insert into headworks.lanes (namespace, queue, name, weight)
select $namespace, queue, $namespace, 1 from unnest($queues::text[]) as used (queue)
on conflict (queue, name) do nothing;

-- name: moveStrayTasks :exec
-- tasks of `prod` in a lane that their queue hasn't got go to live
update headworks.tasks t set lane = 'live'
where t.namespace = 'prod' and t.lane <> 'live'
  and not exists (select from headworks.lanes l where l.queue = t.queue and l.name = t.lane and l.namespace = 'prod');

-- name: listLanesOf :many
-- the lanes of the queue of a processor of `prod`
-- params: processor text
-- returns: name text
select l.name from headworks.processors p join headworks.lanes l on l.queue = p.queue and l.namespace = p.namespace
where p.namespace = 'prod' and p.name = $processor order by l.name;

-- name: listLanes :many
-- the lanes of every queue that has some: their limits, the tokens they hold now, and their tasks by state
-- returns: queue text, name text, weight float8, rate float8?, burst float8, tokens float8?, scheduled int8,
--   ready int8, running int8, waiting int8, failed int8
select l.queue, l.name, l.weight, l.rate, l.burst,
  case when l.rate is not null
    then least(l.burst, l.tokens + l.rate * greatest(0, extract(epoch from clock_timestamp() - l.refilled_at)::float8)) end as tokens,
  count(*) filter (where t.state = 'scheduled') as scheduled, count(*) filter (where t.state = 'ready') as ready,
  count(*) filter (where t.state = 'running') as running, count(*) filter (where t.state = 'waiting') as waiting,
  count(*) filter (where t.state = 'failed') as failed
from headworks.lanes l
left join headworks.tasks t on t.queue = l.queue and t.lane = l.name
group by l.queue, l.name
order by l.queue, l.name <> 'live', l.name;
