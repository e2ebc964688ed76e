-- from ../../domain/calendar/schedule.ts: MissedPolicy, RequestState, SlotState
-- from ../../domain/settlement/outcome.ts: Outcome
-- from ../../domain/settlement/states.ts: TaskState
-- type ScheduleRow: name text, pipeline text, cron text, timezone text, processors text[], days_back int4?,
--   missed text<MissedPolicy>, jitter_ms int8, lane text
-- type SlotRow: schedule text, slot_at timestamptz, state text<SlotState>, due_at timestamptz
-- type RequestRow (what a slot asks of a processor; without a partition where the processor has none for it): schedule text, slot_at timestamptz, processor text, partition text?, due_at timestamptz
-- type ScheduleMove: name text, decided_until timestamptz, next_slot_at timestamptz?
-- type DueSchedule (a schedule whose next slot has come): name text, decided_until timestamptz, now timestamptz
-- type ScheduleListing (`days_back` is null where a slot means the newest partition that is open): name text, pipeline text, cron text, timezone text, processors text[], days_back int4?,
--   missed text<MissedPolicy>, jitter_ms int8, paused_at timestamptz?, last_slot_at timestamptz?,
--   last_slot_state text<SlotState>?, pending int8, decided_until timestamptz
-- type SlotListing (a slot and one of the processors that it asks for; the run is the last one that came of it): slot_at timestamptz, slot_state text<SlotState>, due_at timestamptz, processor text?,
--   partition text?, state text<RequestState>?, asked_at timestamptz?, run_id uuid?, outcome text<Outcome>?,
--   reason text?, claimed_at timestamptz?, ended_at timestamptz?, task_state text<TaskState>?

-- name: upsertSchedules :exec
-- schedules as declared; what a new, returned or otherwise timed one missed before now isn't made up for
-- params: schedules json<ScheduleRow[]>
insert into headworks.schedules as s (name, pipeline, cron, timezone, processors, days_back, missed, jitter_ms, lane)
select name, pipeline, cron, timezone, processors, days_back, missed, jitter_ms, lane
from json_to_recordset($schedules) as wanted (name text, pipeline text, cron text, timezone text, processors text[],
  days_back integer, missed text, jitter_ms bigint, lane text)
order by name
on conflict (name) do update
set pipeline = excluded.pipeline, cron = excluded.cron, timezone = excluded.timezone, processors = excluded.processors,
  days_back = excluded.days_back, missed = excluded.missed, jitter_ms = excluded.jitter_ms, lane = excluded.lane, retired_at = null,
  decided_until = case when s.retired_at is not null or (s.cron, s.timezone) <> (excluded.cron, excluded.timezone)
    then clock_timestamp() else s.decided_until end,
  next_slot_at = case when s.retired_at is not null or (s.cron, s.timezone) <> (excluded.cron, excluded.timezone)
    then clock_timestamp() else s.next_slot_at end;

-- name: retireSchedules :many
-- schedules that the configuration no longer has: what they haven't asked for yet is dropped, their history stays
-- params: kept text[]
-- returns: name text
with retired as (
  update headworks.schedules set retired_at = now()
  where name <> all ($kept::text[]) and retired_at is null
  returning name
), dropped as (
  update headworks.schedule_requests r set state = 'dropped'
  from retired where r.schedule = retired.name and r.state = 'pending'
)
select name from retired order by name;

-- name: dropRequestsOfOthers :exec
-- what is pending for processors that their schedule no longer runs, or that have been retired
update headworks.schedule_requests r set state = 'dropped'
from headworks.schedules s
where r.state = 'pending' and s.name = r.schedule and (r.processor <> all (s.processors)
  or exists (select from headworks.processors p where p.namespace = 'prod' and p.name = r.processor and p.retired_at is not null));

-- name: findScheduleWork :one
-- whether a slot is due to be decided, and whether a request is due to be made; one look a second
-- params: code_version text
-- returns: slots bool, requests bool
select exists (select from headworks.schedules
    where next_slot_at <= clock_timestamp() and paused_at is null and retired_at is null
      and exists (select from headworks.namespaces where name = 'prod' and code_version = $code_version)) as slots,
  exists (select from headworks.schedule_requests where state = 'pending' and due_at <= (select clock_timestamp())) as requests;

-- name: lockDueSchedules :many
-- the schedules whose next slot has come, held until their slots are decided; another process waits, and finds none
-- returns: DueSchedule
select name, decided_until, clock_timestamp() as now from headworks.schedules
where next_slot_at <= clock_timestamp() and paused_at is null and retired_at is null
order by name
for update;

-- name: insertSlots :many
-- slots that were decided; one that is there already is left alone and not returned
-- params: slots json<SlotRow[]>
-- returns: schedule text, slot_at timestamptz
insert into headworks.schedule_slots (schedule, slot_at, state, due_at)
select schedule, slot_at, state, due_at
from json_to_recordset($slots) as decided (schedule text, slot_at timestamptz, state text, due_at timestamptz)
order by schedule, slot_at
on conflict do nothing
returning schedule, slot_at;

-- name: insertRequests :exec
-- what slots ask for: of each processor, the output of one partition; without an output there is nothing to ask for
-- params: namespace text, requests json<RequestRow[]>
insert into headworks.schedule_requests (schedule, slot_at, processor, partition, output_id, state, due_at)
select w.schedule, w.slot_at, w.processor, o.partition, o.id, case when o.id is null then 'no_partition' else 'pending' end, w.due_at
from json_to_recordset($requests) as w (schedule text, slot_at timestamptz, processor text, partition text, due_at timestamptz)
left join lateral (
  select id, partition from headworks.outputs o
  where o.namespace = $namespace and o.processor = w.processor and o.partition = w.partition limit 1) as o on true;

-- name: moveSchedules :exec
-- slots are decided up to here
-- params: moves json<ScheduleMove[]>
update headworks.schedules s set decided_until = m.decided_until, next_slot_at = m.next_slot_at
from json_to_recordset($moves) as m (name text, decided_until timestamptz, next_slot_at timestamptz)
where s.name = m.name;

-- name: askDueRequests :many
-- pending → asked, unless a run that began before is under way, or something that a settled output needs: a new task, or the one that is there
-- params: limit int8
-- returns: output_id int8, state text
with pending as materialized (
  -- Whoever asks holds the rows: another process that looks at the same time asks for others.
  select r.schedule, r.slot_at, r.processor, r.output_id from headworks.schedule_requests r
  where r.state = 'pending' and r.due_at <= (select clock_timestamp())
    -- Scalar subqueries, so that each request is looked up by its key. Who has a worker is running (a CHECK).
    and (select true from headworks.tasks t
      where t.output_id = r.output_id and t.worker_id is not null and t.claimed_at < r.due_at limit 1) is null
    and ((select true from headworks.outputs o where o.id = r.output_id and o.status = 'expected' limit 1)
      or (
        select true from headworks.edges e
        where e.downstream_id = r.output_id and (
          (select true from headworks.tasks t where t.output_id = e.upstream_id
            and (t.state in ('ready', 'running') or (t.state = 'scheduled' and t.attempt > 0)) limit 1)
          or (select true from headworks.schedule_requests u where u.output_id = e.upstream_id
            and u.state = 'pending' and u.due_at <= (select clock_timestamp()) limit 1))
        limit 1) is null)
  order by r.due_at limit $limit for update skip locked
), current as materialized (
  select o.id, o.namespace, o.processor, o.partition, o.status, t.id as task_id, t.state
  from (select distinct output_id from pending) as asked
  cross join lateral (
    select id, namespace, processor, partition, status from headworks.outputs where outputs.id = asked.output_id limit 1) as o
  left join lateral (select id, state from headworks.tasks where tasks.output_id = o.id limit 1) as t on true
), held as materialized (
  -- A task that is claimed or settled at this moment is looked at again at the next look.
  select t.id, t.output_id, t.state
  from current cross join lateral (
    select id, output_id, state from headworks.tasks
    where tasks.output_id = current.id and state in ('waiting', 'failed') for update skip locked) as t
), moved as (
  -- What waits for data looks now; what has failed gets its attempts again; a retry keeps its backoff.
  update headworks.tasks t
  set state = 'ready', due_at = now(), waits_for = null, alone = t.alone and held.state = 'waiting',
    attempts_used = case when held.state = 'failed' then 0 else t.attempts_used end,
    deaths_alone = case when held.state = 'failed' then 0 else t.deaths_alone end,
    waiting_since = case when held.state = 'failed' then null else t.waiting_since end,
    first_claimed_at = case when held.state = 'failed' then null else t.first_claimed_at end,
    expires_at = case when held.state = 'failed' then null else t.expires_at end
  from held where t.id = any (array[held.id])
  returning t.output_id, 'ready' as state
), reopened as (
  update headworks.outputs set status = 'expected'
  where id = any (array(select output_id from held where state = 'failed')) and status = 'failed'
), made as (
  insert into headworks.tasks (output_id, namespace, processor, partition, queue, priority, state, rerun, lane, traceparent)
  select s.id, s.namespace, s.processor, s.partition, p.queue, p.priority, 'ready', s.status = 'complete',
    coalesce((
      select l.name from headworks.lanes l
      where l.queue = p.queue and l.namespace = p.namespace and l.name = (
        select min(c.lane) from pending join headworks.schedules c on c.name = pending.schedule where pending.output_id = s.id)
      for key share), 'live'),
    -- A trace of its own: version, 32 digits, 16 digits, sampled.
    '00-' || replace(gen_random_uuid()::text, '-', '') || '-' || left(replace(gen_random_uuid()::text, '-', ''), 16) || '-01'
  from current s join headworks.processors p on p.namespace = s.namespace and p.name = s.processor and p.retired_at is null
  where s.task_id is null and s.status <> 'expected'
  order by s.id
  on conflict (output_id) do nothing
  returning output_id, 'ready' as state
), done as (
  select output_id, state from moved
  union all select output_id, state from made
  -- A run that began after the slot is the slot's, and so is one that is to come: what is expected and has no task
  -- runs as soon as what it needs is there.
  union all select id, coalesce(state, 'expected') from current
    where state in ('ready', 'running', 'scheduled') or (task_id is null and status = 'expected')
), asked as (
  update headworks.schedule_requests r set state = 'asked', asked_at = statement_timestamp()
  from pending, done
  where r.schedule = pending.schedule and r.slot_at = pending.slot_at and r.processor = pending.processor
    and done.output_id = pending.output_id
)
select output_id, state from done order by output_id;

-- name: pruneSlots :exec
-- slots older than so many days, at most as many as said; never one that still has something to ask for
-- params: days int4, limit int8
delete from headworks.schedule_slots
where (schedule, slot_at) in (
  select s.schedule, s.slot_at from headworks.schedule_slots s
  where s.slot_at < (select clock_timestamp()) - make_interval(days => $days)
    and not exists (select from headworks.schedule_requests r
      where r.schedule = s.schedule and r.slot_at = s.slot_at and r.state = 'pending')
  order by s.slot_at limit $limit);

-- name: listSchedules :many
-- schedules with their last slot, the last that was missed, and what is pending
-- returns: ScheduleListing
select s.name, s.pipeline, s.cron, s.timezone, s.processors, s.days_back, s.missed, s.jitter_ms, s.paused_at,
  v.last_slot_at, v.last_slot_state, v.pending, s.decided_until
from headworks.schedules s join headworks.v_schedules v using (name)
order by s.name;

-- name: listSlots :many
-- the latest slots of a schedule with what they asked for, and the last run since, before the next such request
-- params: schedule text, limit int8
-- returns: SlotListing
with slots as (
  select * from headworks.schedule_slots where schedule = $schedule order by slot_at desc limit $limit
)
select s.slot_at, s.state as slot_state, s.due_at, r.processor, r.partition, r.state, r.asked_at,
  run.id as run_id, run.outcome, run.reason, run.claimed_at, run.ended_at, t.state as task_state
from slots s
left join headworks.schedule_requests r on r.schedule = $schedule and r.slot_at = s.slot_at
left join lateral (
  select min(n.asked_at) as at from headworks.schedule_requests n
  where n.output_id = r.output_id and n.state = 'asked' and n.asked_at > r.asked_at) as following on true
left join lateral (
  select h.id, h.outcome, h.reason, h.claimed_at, h.ended_at from headworks.runs h
  where r.state = 'asked' and h.output_id = r.output_id and h.claimed_at >= r.due_at and (following.at is null or h.claimed_at < following.at)
  order by h.id desc limit 1) as run on true
left join headworks.tasks t on t.output_id = r.output_id and following.at is null and r.state = 'asked'
order by s.slot_at desc, r.processor;

-- name: pauseSchedule :one
-- no slot is decided any more, and what it hasn't asked for yet is dropped; tells whether it was paused already
-- params: name text
-- returns: paused_at timestamptz!, was_paused bool
with before as (
  select name, paused_at from headworks.schedules where name = $name and retired_at is null for update
), dropped as (
  update headworks.schedule_requests set state = 'dropped'
  where schedule = $name and state = 'pending' and exists (select from before)
)
update headworks.schedules s set paused_at = coalesce(s.paused_at, clock_timestamp())
from before where s.name = before.name
returning s.paused_at, before.paused_at is not null as was_paused;

-- name: resumeSchedule :one
-- slots are decided again, from now on: those of the pause were not missed; tells whether it was paused
-- params: name text
-- returns: was_paused bool
with before as (
  select name, paused_at from headworks.schedules where name = $name and retired_at is null for update
)
update headworks.schedules s
set paused_at = null,
  decided_until = case when before.paused_at is null then s.decided_until else clock_timestamp() end,
  next_slot_at = case when before.paused_at is null then s.next_slot_at else clock_timestamp() end
from before where s.name = before.name
returning before.paused_at is not null as was_paused;
