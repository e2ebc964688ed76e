-- name: claimFromOpenQueue :many
-- ready → running, by priority, then due time, where the queue has no limits; the last parameter restricts it to some outputs
-- params: text, int8, uuid, _uuid, text, _int8
-- returns: id int8, output_id int8, processor text, partition text, namespace text, attempt int4, attempts_used int4, alone bool, deaths_alone int2, waiting_since timestamptz, run_id uuid, due_at timestamptz, claimed_at timestamptz, traceparent text, from_archive bool, forced bool, rerun bool
with picked as (
  select id, row_number() over (order by priority, due_at, id) as place
  from (
    select id, priority, due_at from headworks.tasks
    where queue = $1 and state = 'ready' and not alone and ($6::bigint[] is null or output_id = any ($6))
      and exists (select from headworks.workers where workers.id = $3 and lease_expires_at > clock_timestamp())
      and exists (select from headworks.registry where code_version = $5)
    order by priority, due_at, id limit $2 for update skip locked
  ) as free
)
update headworks.tasks t
set state = 'running', worker_id = $3, attempt = attempt + 1, run_id = ($4::uuid[])[picked.place],
  claimed_at = clock_timestamp(), waits_for = null
from picked where t.id = picked.id
returning t.id, t.output_id, t.processor, t.partition, t.namespace, t.attempt, t.attempts_used, t.alone, t.deaths_alone,
  t.waiting_since, t.run_id, t.due_at, t.claimed_at, t.traceparent, t.from_archive, t.forced, t.rerun;

-- name: claimFromLimitedQueue :many
-- ready → running, as many as the queue's token bucket and concurrency grant at this instant by the database's clock
-- params: text, float8, uuid, _uuid, text, _int8
-- returns: id int8, output_id int8, processor text, partition text, namespace text, attempt int4, attempts_used int4, alone bool, deaths_alone int2, waiting_since timestamptz, run_id uuid, due_at timestamptz, claimed_at timestamptz, traceparent text, from_archive bool, forced bool, rerun bool
with seen as (
  select claims from headworks.queues where name = $1
), locked as (
  select q.name, q.claims, q.rate, q.max_concurrent, clock_timestamp() as now,
    case when q.rate is null then null
      else least(q.burst, q.tokens + q.rate * greatest(0, extract(epoch from clock_timestamp() - q.refilled_at)))
    end as tokens
  from headworks.queues q
  where q.name = $1 and q.paused_at is null
    and exists (select from headworks.workers where workers.id = $3 and lease_expires_at > clock_timestamp())
    and exists (select from headworks.registry where code_version = $5)
  for update of q
), granted as (
  -- Another claim between this statement's snapshot and its lock would make the count of running tasks too small.
  select case when locked.claims is distinct from seen.claims then 0
    else greatest(0, least(
      $2::double precision, floor(coalesce(locked.tokens, $2)),
      coalesce(locked.max_concurrent
        - (select count(*) from headworks.tasks where queue = $1 and state = 'running'), $2))) end as n
  from locked, seen
), picked as (
  select id, row_number() over (order by priority, due_at, id) as place
  from (
    select id, priority, due_at from headworks.tasks
    where queue = $1 and state = 'ready' and not alone and ($6::bigint[] is null or output_id = any ($6))
    order by priority, due_at, id limit (select n from granted)::int4 for update skip locked
  ) as free
  where exists (select from granted)
), claimed as (
  update headworks.tasks t
  set state = 'running', worker_id = $3, attempt = attempt + 1, run_id = ($4::uuid[])[picked.place],
    claimed_at = clock_timestamp(), waits_for = null
  from picked where t.id = picked.id
  returning t.id, t.output_id, t.processor, t.partition, t.namespace, t.attempt, t.attempts_used, t.alone,
    t.deaths_alone, t.waiting_since, t.run_id, t.due_at, t.claimed_at, t.traceparent, t.from_archive, t.forced, t.rerun
), spent as (
  update headworks.queues q
  set tokens = coalesce(locked.tokens - (select count(*) from claimed), 0), refilled_at = locked.now, claims = q.claims + 1
  from locked where q.name = locked.name and exists (select from claimed)
)
select * from claimed;

-- name: claimAlone :many
-- ready → running: one task that is suspected of killing its process, for a runner that does nothing else meanwhile
-- params: uuid, uuid, text
-- returns: id int8, output_id int8, processor text, partition text, namespace text, attempt int4, attempts_used int4, alone bool, deaths_alone int2, waiting_since timestamptz, run_id uuid, due_at timestamptz, claimed_at timestamptz, traceparent text, from_archive bool, forced bool, rerun bool
update headworks.tasks t
set state = 'running', worker_id = $1, attempt = attempt + 1, run_id = $2, claimed_at = clock_timestamp(), waits_for = null
where t.id = (
    select id from headworks.tasks
    where state = 'ready' and alone
      and exists (select from headworks.workers where workers.id = $1 and lease_expires_at > clock_timestamp())
      and exists (select from headworks.registry where code_version = $3)
    order by priority, due_at, id limit 1 for update skip locked)
returning t.id, t.output_id, t.processor, t.partition, t.namespace, t.attempt, t.attempts_used, t.alone, t.deaths_alone,
  t.waiting_since, t.run_id, t.due_at, t.claimed_at, t.traceparent, t.from_archive, t.forced, t.rerun;

-- name: promoteDueTasks :one
-- scheduled or waiting → ready once due; tells how many, how long until the next in milliseconds, and whether a task must run alone
-- params: int8
-- returns: promoted int8, next_due_ms float8, alone_ready bool
with due as (
  select id from headworks.tasks
  where state in ('scheduled', 'waiting') and due_at <= clock_timestamp()
  order by due_at limit $1 for update skip locked
), promoted as (
  update headworks.tasks t set state = 'ready', waits_for = null from due where t.id = due.id returning t.id
)
select (select count(*) from promoted) as promoted,
  (select extract(epoch from min(due_at) - clock_timestamp())::double precision * 1000 from headworks.tasks
   where state in ('scheduled', 'waiting') and due_at > clock_timestamp()) as next_due_ms,
  exists (select from headworks.tasks where state = 'ready' and alone) as alone_ready;

-- name: countLiveTasks :one
-- how much work is in each state, and how much is due
-- params:
-- returns: scheduled int8, ready int8, running int8, waiting int8, failed int8
select count(*) filter (where state = 'scheduled') as scheduled, count(*) filter (where state = 'ready') as ready,
  count(*) filter (where state = 'running') as running, count(*) filter (where state = 'waiting') as waiting,
  count(*) filter (where state = 'failed') as failed
from headworks.tasks;

-- name: requestTask :one
-- makes the output's task ready now, whatever it waits for; a running one is left alone; a failed or waived output is expected again
-- params: int8, bool, bool, text
-- returns: task_id int8, state text
with reopened as (
  update headworks.outputs set status = 'expected' where id = $1 and status in ('failed', 'waived')
), wanted as (
  insert into headworks.tasks (output_id, namespace, processor, partition, queue, priority, state, forced, from_archive, rerun, traceparent)
  select o.id, o.namespace, o.processor, o.partition, p.queue, p.priority, 'ready', $2, $3, o.status = 'complete', $4
  from headworks.outputs o join headworks.processors p on p.name = o.processor
  where o.id = $1
  on conflict (output_id) do update
    set state = 'ready', due_at = now(), forced = $2, from_archive = $3, rerun = excluded.rerun, attempts_used = 0, deaths_alone = 0,
      alone = false, waiting_since = null, waits_for = null, traceparent = $4
    where tasks.state <> 'running'
  returning id, state
)
select id as task_id, state from wanted
union all
select id, state from headworks.tasks where output_id = $1 and not exists (select from wanted);
