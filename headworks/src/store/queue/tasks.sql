-- from ../../domain/settlement/states.ts: AskedState
-- type ClaimedTask (a task that a worker runs, fenced by its id, the worker and the attempt; `rerun` if its output was complete when the run was asked for): id int8, output_id int8, processor text, partition text, namespace text, attempt int4,
--   attempts_used int4, alone bool, deaths_alone int2, waiting_since timestamptz?, first_claimed_at timestamptz?,
--   run_id uuid!, due_at timestamptz, claimed_at timestamptz!, traceparent text?, from_archive bool, forced bool,
--   rerun bool

-- A key is compared as `= any (array[…])` where a statement writes rows that it has picked. A plan may be made while the table
-- is empty and used once it is full; this leaves it no choice but to look each row up by its key. And the clock is asked in a subquery: only what is known before a scan can bound it. See
-- decision 0032.
--
-- What runs in the lane `live` is work of `prod`: no claim looks at the namespace of a task. Namespaces claim from lanes of their own.

-- name: claimFromOpenQueue :many
-- ready → running, by priority, then due time, where the queue has no limits; the last parameter restricts it to some outputs
-- params: queue text, limit int8, worker uuid, run_ids uuid[], code_version text, only_outputs int8[]?
-- returns: ClaimedTask
with picked as (
  select id, row_number() over (order by priority, due_at, id) as place
  from (
    select id, priority, due_at from headworks.tasks
    where queue = $queue and lane = 'live' and state = 'ready' and not alone and ($only_outputs::bigint[] is null or output_id = any ($only_outputs))
      and exists (select from headworks.workers where workers.id = $worker and lease_expires_at > clock_timestamp())
      and exists (select from headworks.namespaces where name = 'prod' and code_version = $code_version)
      and exists (select from headworks.queues q where q.name = $queue and q.paused_at is null)
    order by priority, due_at, id limit $limit for update skip locked
  ) as free
)
update headworks.tasks t
set state = 'running', worker_id = $worker, attempt = attempt + 1, run_id = ($run_ids::uuid[])[picked.place],
  claimed_at = clock_timestamp(), waits_for = null
from picked where t.id = any (array[picked.id])
returning t.id, t.output_id, t.processor, t.partition, t.namespace, t.attempt, t.attempts_used, t.alone, t.deaths_alone,
  t.waiting_since, t.first_claimed_at, t.run_id, t.due_at, t.claimed_at, t.traceparent, t.from_archive, t.forced, t.rerun;

-- name: claimFromLimitedQueue :many
-- ready → running, as many as the queue's token bucket and concurrency grant at this instant by the database's clock; or of those that must run alone, each for a runner that does nothing else meanwhile
-- params: queue text, limit float8, worker uuid, run_ids uuid[], code_version text, alone bool,
--   only_outputs int8[]?
-- returns: ClaimedTask
with seen as (
  select claims from headworks.queues where name = $queue
), locked as (
  -- One reading of the clock for all that follows; it is taken anew when the lock had to be waited for.
  select q.name, q.claims, q.rate, q.burst, q.tokens, q.refilled_at, q.max_concurrent, clock_timestamp() as now
  from headworks.queues q
  where q.name = $queue and q.paused_at is null
    and exists (select from headworks.workers where workers.id = $worker and lease_expires_at > clock_timestamp())
    and exists (select from headworks.namespaces where name = 'prod' and code_version = $code_version)
  for update of q
), bucket as (
  select locked.*, case when rate is null then null
    else least(burst, tokens + rate * greatest(0, extract(epoch from locked.now - refilled_at))) end as filled
  from locked
), granted as (
  -- Another claim between this statement's snapshot and its lock would make the count of running tasks too small.
  select case when bucket.claims is distinct from seen.claims then 0
    else greatest(0, least(
      $limit::double precision, floor(coalesce(bucket.filled, $limit::double precision)),
      coalesce(bucket.max_concurrent
        - (select count(*) from headworks.tasks where queue = $queue and state = 'running'), $limit::double precision))) end as n
  from bucket, seen
), picked as (
  select id, row_number() over (order by priority, due_at, id) as place
  from (
    select * from (
      select id, priority, due_at from headworks.tasks
      where not $alone and queue = $queue and lane = 'live' and state = 'ready' and not alone
        and ($only_outputs::bigint[] is null or output_id = any ($only_outputs))
      order by priority, due_at, id limit (select n from granted)::int4 for update skip locked) as others
    union all
    select * from (
      select id, priority, due_at from headworks.tasks
      where $alone and queue = $queue and lane = 'live' and state = 'ready' and alone
        and ($only_outputs::bigint[] is null or output_id = any ($only_outputs))
      order by priority, due_at, id limit (select n from granted)::int4 for update skip locked) as isolated
  ) as free
  where exists (select from granted)
), claimed as (
  update headworks.tasks t
  set state = 'running', worker_id = $worker, attempt = attempt + 1, run_id = ($run_ids::uuid[])[picked.place],
    claimed_at = bucket.now, waits_for = null
  from picked, bucket where t.id = any (array[picked.id])
  returning t.id, t.output_id, t.processor, t.partition, t.namespace, t.attempt, t.attempts_used, t.alone,
    t.deaths_alone, t.waiting_since, t.first_claimed_at, t.run_id, t.due_at, t.claimed_at, t.traceparent, t.from_archive, t.forced, t.rerun
), spent as (
  update headworks.queues q
  set tokens = coalesce(bucket.filled - (select count(*) from claimed), 0), refilled_at = bucket.now, claims = q.claims + 1
  from bucket where q.name = bucket.name and exists (select from claimed)
)
select * from claimed;

-- name: lockQueueOfAlone :maybe
-- locks the queue's row if it has a task that must run alone: a claim that follows in the same transaction then sees every claim before it
-- params: queue text
-- returns: name text
select q.name from headworks.queues q
where q.name = $queue and q.paused_at is null
  and exists (select from headworks.tasks where queue = $queue and lane = 'live' and state = 'ready' and alone)
for update of q;

-- name: requeueClaims :exec
-- running → ready: what was claimed under these run ids by a claim whose answer got lost, so that nothing of it ever ran
-- params: worker uuid, run_ids uuid[]
update headworks.tasks
set state = 'ready', attempt = attempt - 1, worker_id = null, run_id = null, claimed_at = null
where worker_id = $worker and state = 'running' and run_id = any ($run_ids::uuid[]);

-- name: promoteDueTasks :one
-- scheduled or waiting → ready once due, in every namespace; tells how many, how long until the next in milliseconds, and whether a task of this namespace must run alone
-- params: limit int8, namespace text
-- returns: promoted int8, next_due_ms float8?, alone_ready bool
with due as (
  select id from headworks.tasks
  where state in ('scheduled', 'waiting') and due_at <= (select clock_timestamp())
  order by due_at limit $limit for update skip locked
), promoted as (
  update headworks.tasks t set state = 'ready', waits_for = null from due where t.id = any (array[due.id]) returning t.id
)
select (select count(*) from promoted) as promoted,
  (select extract(epoch from min(due_at) - clock_timestamp())::double precision * 1000 from headworks.tasks
   where state in ('scheduled', 'waiting') and due_at > (select clock_timestamp())) as next_due_ms,
  exists (select from headworks.tasks t
    join headworks.queues q on q.name = t.queue
    where t.state = 'ready' and t.alone and t.namespace = $namespace and q.paused_at is null
      and (q.rate is null or q.tokens + q.rate * extract(epoch from clock_timestamp() - q.refilled_at) >= 1)
      and (q.max_concurrent is null
        or q.max_concurrent > (select count(*) from headworks.tasks r where r.queue = q.name and r.state = 'running'))
      -- What its lane doesn't grant must not keep a worker from other work.
      and (t.lane = 'live' or q.max_concurrent < 2 or q.max_concurrent is null or q.max_concurrent - 1 > (
        select count(*) from headworks.tasks r where r.queue = q.name and r.state = 'running' and r.lane <> 'live'))
      and not exists (select from headworks.lanes l where l.queue = q.name and l.name = t.lane
        and l.tokens + l.rate * extract(epoch from clock_timestamp() - l.refilled_at) < 1)) as alone_ready;

-- name: chooseIsolated :one
-- makes this worker the one that starts nothing so as to isolate a poison pill, unless another that was chosen within three seconds runs less. One whose claims would be refused isn't chosen
-- params: worker uuid
-- returns: chosen bool
with load as (
  select worker_id, count(*) as runs from headworks.tasks where state = 'running' group by worker_id
), chosen as (
  update headworks.workers w set isolated_until = clock_timestamp() + interval '3 seconds'
  where w.id = $worker and w.lease_expires_at > clock_timestamp()
    and exists (select from headworks.namespaces n where n.name = w.namespace and n.code_version = w.code_version)
    and not exists (
      select from headworks.workers other
      where other.id <> w.id and other.namespace = w.namespace and other.isolated_until > clock_timestamp()
        and other.lease_expires_at > clock_timestamp()
        and (coalesce((select runs from load where worker_id = other.id), 0), other.id)
          < (coalesce((select runs from load where worker_id = w.id), 0), w.id))
  returning w.id
)
select exists (select from chosen) as chosen;

-- name: requestTask :maybe
-- makes the output's task ready now, whatever it waits for; a running one is left alone; a failed or waived output is expected again. Nothing of a retired processor
-- params: output_id int8, forced bool, from_archive bool, traceparent text
-- returns: task_id int8, state text<AskedState>
with asked as (
  select o.id, o.namespace, o.processor, o.partition, o.status, p.queue, p.priority
  from headworks.outputs o join headworks.processors p on p.namespace = o.namespace and p.name = o.processor and p.retired_at is null
  where o.id = $output_id
), reopened as (
  update headworks.outputs o set status = 'expected' from asked where o.id = asked.id and o.status in ('failed', 'waived')
), wanted as (
  insert into headworks.tasks (output_id, namespace, processor, partition, queue, lane, priority, state, forced, from_archive, rerun, traceparent)
  select o.id, o.namespace, o.processor, o.partition, o.queue, headworks.lane_of(o.namespace), o.priority, 'ready', $forced, $from_archive, o.status = 'complete', $traceparent
  from asked o
  on conflict (output_id) do update
    set state = 'ready', due_at = now(), forced = $forced, from_archive = $from_archive, rerun = excluded.rerun, attempts_used = 0, deaths_alone = 0,
      alone = false, waiting_since = null, first_claimed_at = null, expires_at = null, waits_for = null, traceparent = $traceparent
    where tasks.state <> 'running'
  returning id, state
)
select id as task_id, state from wanted
union all
select t.id, t.state from headworks.tasks t join asked on asked.id = t.output_id where not exists (select from wanted);

-- name: hintReadyTasks :exec
-- tells processes that listen of ready work; sent after the commit, and nothing depends on it
select pg_notify('headworks_ready', '');
