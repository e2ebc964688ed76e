-- Schedules: when work is created. One row for each slot, whatever the number of processes; what it asks for, beside it.

create table headworks.schedules (
  name text primary key,
  pipeline text not null,
  cron text not null,
  timezone text not null,
  processors text[] not null,
  -- `newest`, or so many days back.
  days_back integer check (days_back >= 0),
  missed text not null check (missed in ('skip', 'latest', 'all')),
  jitter_ms bigint not null check (jitter_ms >= 0),
  -- What becomes of every slot up to here has been decided.
  decided_until timestamptz not null default clock_timestamp(),
  -- When to decide again; null when it never comes up again.
  next_slot_at timestamptz default clock_timestamp(),
  paused_at timestamptz,
  retired_at timestamptz
) with (fillfactor = 50);

create table headworks.schedule_slots (
  schedule text not null references headworks.schedules,
  slot_at timestamptz not null,
  state text not null check (state in ('due', 'skipped')),
  -- Later than the slot by its jitter.
  due_at timestamptz not null,
  decided_at timestamptz not null default clock_timestamp(),
  primary key (schedule, slot_at)
);
create index schedule_slots_slot_at on headworks.schedule_slots (slot_at);

-- One row for each processor of a due slot. Rows of one output that are pending at the same time share one run.
create table headworks.schedule_requests (
  schedule text not null,
  slot_at timestamptz not null,
  processor text not null,
  partition text,
  output_id bigint,
  state text not null check (state in ('pending', 'asked', 'dropped', 'no_partition')),
  due_at timestamptz not null,
  asked_at timestamptz,
  primary key (schedule, slot_at, processor),
  foreign key (schedule, slot_at) references headworks.schedule_slots on delete cascade,
  check ((state = 'no_partition') = (output_id is null)),
  check ((output_id is null) = (partition is null)),
  check ((state = 'asked') = (asked_at is not null))
) with (fillfactor = 80);
create index schedule_requests_pending on headworks.schedule_requests (due_at) where state = 'pending';
create index schedule_requests_pending_output on headworks.schedule_requests (output_id) where state = 'pending';
create index schedule_requests_output on headworks.schedule_requests (output_id, asked_at) where state = 'asked';

create view headworks.v_schedules as
select s.name, s.pipeline, s.cron, s.timezone, s.processors, s.missed, s.jitter_ms, s.paused_at,
  last.slot_at as last_slot_at, last.state as last_slot_state,
  case when s.paused_at is null then s.next_slot_at end as next_slot_at,
  (select count(*) from headworks.schedule_requests r where r.schedule = s.name and r.state = 'pending') as pending
from headworks.schedules s
left join lateral (
  select slot_at, state from headworks.schedule_slots l where l.schedule = s.name order by slot_at desc limit 1) as last on true
where s.retired_at is null;
