-- Everything that Headworks keeps, by subject: configuration, limits, ledger, work, failures, schedules, history, sources
-- and data, upkeep; then the views that are the public face. Until the first release this file is changed in place.
--
-- A low fillfactor leaves room in each page, so that an update stays in its page and touches no index (a HOT update).


-- ============================================================ configuration

-- Overlays of the world, each with a configuration of its own. The datasets of each are read in a schema of its name: in
-- `prod` tables, in any other views over its own tables, which are in `<name>_rows`, and those of `prod`.
create table headworks.namespaces (
  name text primary key,
  kind text not null check (kind in ('prod', 'batch', 'replay')),
  created_at timestamptz not null default now(),
  -- Only runners of this code claim in it; null before its first registration.
  code_version text,
  registered_at timestamptz,
  check ((kind = 'prod' and name = 'prod') or (kind <> 'prod' and name ~ ('^' || kind || '_[a-z0-9_]{1,40}$') and name !~ '_rows$')),
  check ((code_version is null) = (registered_at is null))
);
insert into headworks.namespaces (name, kind) values ('prod', 'prod');
create schema prod;

-- The lane of a namespace's tasks, in whatever queue: those of `prod` are live unless they are put elsewhere.
create function headworks.lane_of(namespace text) returns text language sql immutable as $$
  select case when namespace = 'prod' then 'live' else namespace end
$$;

create table headworks.processors (
  namespace text not null references headworks.namespaces,
  name text not null,
  pipeline text not null,
  phase text not null,
  phase_index smallint not null,
  position smallint not null,
  criticality text not null check (criticality in ('critical', 'high', 'normal', 'low')),
  priority smallint not null,
  queue text not null,
  definition jsonb not null,
  retired_at timestamptz,
  primary key (namespace, name)
);

create table headworks.datasets (
  namespace text not null references headworks.namespaces,
  name text not null,
  columns jsonb not null,
  key text[] not null,
  applied_at timestamptz not null default now(),
  primary key (namespace, name)
);


-- ============================================================ limits

-- A limit belongs to what it protects: dispatch here, requests to a host in `sources`.
create table headworks.queues (
  name text primary key,
  rate double precision check (rate > 0),
  burst double precision not null default 1 check (burst >= 1),
  max_concurrent integer check (max_concurrent >= 1),
  tokens double precision not null default 0,
  refilled_at timestamptz not null default 'epoch',
  -- Counts the claiming statements: one that waited for another's lock sees by it that its snapshot is old.
  claims bigint not null default 0,
  paused_at timestamptz
) with (fillfactor = 50);

-- Lanes: sub-queues with a rate and a weight of their own inside one queue. `prod` has those that its configuration
-- declares; every other namespace has one of its name in each of its queues.
create table headworks.lanes (
  namespace text not null references headworks.namespaces,
  queue text not null references headworks.queues on delete cascade,
  name text not null,
  weight double precision not null check (weight > 0),
  rate double precision check (rate > 0),
  burst double precision not null default 1 check (burst >= 1),
  tokens double precision not null default 0,
  refilled_at timestamptz not null default 'epoch',
  -- Where its last claim ended in the queue's virtual time: the finish tag of start-time fair queueing.
  pass double precision not null default 0,
  primary key (queue, name),
  check (namespace = 'prod' or name = namespace)
) with (fillfactor = 50);

create table headworks.sources (
  name text primary key,
  -- The theoretical arrival time of the next request (GCRA).
  next_slot_at timestamptz not null default 'epoch',
  quota_window_at timestamptz not null default 'epoch',
  quota_used bigint not null default 0
) with (fillfactor = 50);

-- Circuit breakers of sources and processors, shared by all processes of a namespace: a trial trips none of `prod`. A row is
-- made at a breaker's first use.
create table headworks.breakers (
  namespace text not null references headworks.namespaces,
  kind text not null check (kind in ('source', 'processor')),
  name text not null,
  state text not null default 'closed' check (state in ('closed', 'open', 'half_open')),
  -- Counts changes: whoever changes the row names the one that it read.
  version bigint not null default 0,
  failures_in_row bigint not null default 0,
  window_at timestamptz,
  window_successes bigint not null default 0,
  window_failures bigint not null default 0,
  opened_at timestamptz,
  retry_at timestamptz,
  probe_until timestamptz,
  reason text,
  primary key (namespace, kind, name),
  check ((state = 'closed') = (opened_at is null)),
  check ((state = 'closed') = (reason is null)),
  check ((state = 'open') = (retry_at is not null)),
  check (state = 'half_open' or probe_until is null)
);

-- What processors and sources start, and how much of it are retries, by the minute; every process adds its own. Kept for ten minutes.
create table headworks.retry_counts (
  namespace text not null references headworks.namespaces,
  kind text not null check (kind in ('processor', 'source')),
  name text not null,
  minute timestamptz not null,
  starts bigint not null,
  retries bigint not null,
  primary key (namespace, kind, name, minute)
) with (fillfactor = 50);

-- The retry storms that there are now.
create table headworks.retry_storms (
  namespace text not null references headworks.namespaces,
  kind text not null,
  name text not null,
  began_at timestamptz not null default now(),
  starts bigint not null,
  retries bigint not null,
  primary key (namespace, kind, name)
);


-- ============================================================ ledger

-- Partitions that processors discovered.
create table headworks.partitions (
  namespace text not null references headworks.namespaces,
  set_name text not null,
  key text not null,
  parent text not null,
  discovered_by bigint not null,
  discovered_at timestamptz not null default now(),
  primary key (namespace, set_name, key)
);
-- The parent alone. With the set or the namespace in it, this index looked as good as the key to a planner that knows
-- nothing of a young table, and a look for one member read all of its set. A parent's members are few.
create index partitions_parent on headworks.partitions (parent);
create index partitions_discoverer on headworks.partitions (discovered_by);

-- The ledger of expected outputs. `running` and `overdue` are derived: see v_outputs. A settlement writes its row where
-- it is: no index has the status in its condition, and a settled row, which is half as long again, fits into its page.
create table headworks.outputs (
  id bigint generated always as identity primary key,
  namespace text not null,
  processor text not null,
  partition text not null,
  status text not null default 'expected'
    check (status in ('expected', 'complete', 'empty', 'degraded', 'failed', 'waived')),
  outcome text,
  reason text,
  -- Of the cause that its outcome has. No index: the ledger is written in place.
  fingerprint text,
  vouched_by text check (vouched_by in ('expectation', 'processor', 'nobody')),
  records bigint,
  expected_min bigint,
  expected_max bigint,
  opens_at timestamptz not null,
  expected_by timestamptz,
  settled_at timestamptz,
  -- When it last came to other rows, or to be whole: what ran beside it before is outdated, a mere repetition outdates nothing.
  changed_at timestamptz,
  -- The last run that settled it, and the last that changed its rows.
  run_id uuid,
  changed_by uuid,
  -- What the last complete run had read, when it read only what its needs hold: equal again, it needn't run.
  read_set text,
  created_at timestamptz not null default now(),
  unique (namespace, processor, partition),
  check ((status = 'empty') = (vouched_by is not null))
) with (fillfactor = 40);

-- "This output needs that one." No foreign keys: the planner alone writes both sides, in one transaction.
create table headworks.edges (
  downstream_id bigint not null,
  need smallint not null,
  option smallint not null default 0,
  upstream_id bigint not null,
  mode text not null check (mode in ('required', 'optional')),
  accepts_degraded boolean not null,
  any_of boolean not null,
  -- Set on the edge to a discovering output: it stands for all members of this parent, known or not.
  member_of text not null default '',
  -- Leads out of what its namespace runs, to the row of `prod`: it is read there, and neither locks nor releases.
  to_prod boolean not null default false,
  primary key (downstream_id, need, option, upstream_id, member_of)
);
-- What `prod` settles finds the edges within `prod` alone, however many lead to it from elsewhere.
create index edges_upstream on headworks.edges (upstream_id, downstream_id) where not to_prod;
create index edges_to_prod on headworks.edges (upstream_id, downstream_id) where to_prod;


-- ============================================================ work

-- One row per runner process. Its supervisor renews the lease; the fence of every run is (task, worker, attempt).
create table headworks.workers (
  id uuid primary key,
  -- Where it claims.
  namespace text not null,
  host text not null,
  -- What the same host needs to see that the process is gone: boot, process namespace, pid, start of the process.
  process_key text not null,
  code_version text not null,
  concurrency integer not null,
  started_at timestamptz not null default now(),
  lease_expires_at timestamptz not null,
  -- Until when it starts nothing else, to isolate a poison pill; it says so again every second.
  isolated_until timestamptz,
  -- Its vitals, which it tells every few seconds; the delay is the longest that its event loop was held up since the last time.
  memory_bytes bigint,
  loop_delay_ms double precision,
  pool_connections integer,
  pool_waiting integer,
  vitals_at timestamptz
) with (fillfactor = 50);

-- Live and failed work only: a task that succeeded is deleted in its settlement. The tasks of a page are claimed
-- together: there is room for what they become beside them, so that no other page is looked for.
create table headworks.tasks (
  id bigint generated always as identity primary key,
  output_id bigint not null,
  namespace text not null,
  processor text not null,
  partition text not null,
  queue text not null,
  lane text not null default 'live',
  priority smallint not null,
  -- A priority that was set by hand stays when the configuration is registered anew.
  priority_by_hand boolean not null default false,
  state text not null check (state in ('scheduled', 'ready', 'running', 'waiting', 'failed')),
  due_at timestamptz not null default now(),
  -- A task that hasn't begun by then fails.
  expires_at timestamptz,
  attempt integer not null default 0,
  attempts_used integer not null default 0 check (attempts_used <= attempt),
  alone boolean not null default false,
  deaths_alone smallint not null default 0,
  waiting_since timestamptz,
  waits_for bigint,
  worker_id uuid,
  run_id uuid,
  claimed_at timestamptz,
  -- Of the first attempt that didn't end it; the time for retries counts from there.
  first_claimed_at timestamptz,
  -- Set when somebody asked for this run: it reads the archive instead of the network; it runs though
  -- nothing changed; its output was complete before.
  from_archive boolean not null default false,
  forced boolean not null default false,
  rerun boolean not null default false,
  traceparent text,
  last_outcome text,
  last_reason text,
  last_error text,
  fingerprint text check (fingerprint ~ '^[0-9a-f]{16}$'),
  first_failed_at timestamptz,
  failed_at timestamptz,
  created_at timestamptz not null default now(),
  check ((state = 'running') = (worker_id is not null)),
  check ((worker_id is null) = (run_id is null)),
  check (waits_for is null or state = 'waiting'),
  check (state <> 'waiting' or waiting_since is not null),
  -- A namespace lives on lanes of its own, so that no claim looks at the namespace of a task.
  check (namespace = 'prod' or lane = namespace)
) with (fillfactor = 40, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
create unique index tasks_output on headworks.tasks (output_id);
-- By queue and lane: a lane finds its own, whatever the others have piled up.
create index tasks_ready on headworks.tasks (queue, lane, priority, due_at, id) where state = 'ready' and not alone;
create index tasks_ready_alone on headworks.tasks (priority, due_at, id) where state = 'ready' and alone;
create index tasks_due on headworks.tasks (due_at) where state in ('scheduled', 'waiting');
create index tasks_running on headworks.tasks (queue, worker_id) where state = 'running';
create index tasks_waits_for on headworks.tasks (waits_for) where waits_for is not null;
create index tasks_expiring on headworks.tasks (expires_at)
  where expires_at is not null and first_claimed_at is null and state in ('scheduled', 'ready', 'waiting');
create index tasks_failed on headworks.tasks (fingerprint, id) where state = 'failed';

-- What was handed over for the runs of an output, as the JSON text that it was given as. It stays until another is given:
-- a run that is repeated gets it again. Apart from tasks, since few have one.
create table headworks.payloads (
  output_id bigint primary key,
  payload json not null,
  given_at timestamptz not null default now()
);

-- What was added under a key isn't added again while the key is remembered.
create table headworks.dedupe_keys (
  key text primary key,
  added_at timestamptz not null default clock_timestamp()
);
create index dedupe_keys_added_at on headworks.dedupe_keys (added_at);


-- ============================================================ failures

-- Failed tasks by what they have in common, the fingerprint of their error: one row for every fingerprint that a task of a
-- namespace has failed with, and what people said of it.
create table headworks.failures (
  namespace text not null references headworks.namespaces,
  fingerprint text not null check (fingerprint ~ '^[0-9a-f]{16}$'),
  state text not null default 'open' check (state in ('open', 'resolved', 'ignored')),
  -- How often a task ended as failed with it.
  count bigint not null check (count > 0),
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  last_code_version text not null,
  note text,
  resolved_at timestamptz,
  -- The version that still has the fault: what fails in it doesn't reopen the failure. Null: whatever fails does.
  resolved_version text,
  ignored_until timestamptz,
  -- A failure may be ignored for as long as no more than so many tasks fail with it within an hour.
  ignored_above bigint check (ignored_above > 0),
  -- The hour in which it is counted, and how often it failed in it.
  hour_at timestamptz,
  hour_count bigint not null default 0,
  primary key (namespace, fingerprint),
  check ((state = 'resolved') = (resolved_at is not null)),
  check (resolved_version is null or state = 'resolved'),
  check ((state = 'ignored') = (ignored_until is not null or ignored_above is not null))
) with (fillfactor = 70);

-- The failed tasks that fit a filter, which is an object of texts; what is left out fits everything, and a fingerprint fits by its beginning.
create function headworks.failed_tasks(namespace text, filter jsonb) returns setof headworks.tasks language sql stable as $$
  select t.*
  from headworks.tasks t
  join headworks.processors p on p.namespace = t.namespace and p.name = t.processor
  where t.state = 'failed' and t.namespace = failed_tasks.namespace
    and (filter ->> 'pipeline' is null or p.pipeline = filter ->> 'pipeline')
    and (filter ->> 'phase' is null or p.phase = filter ->> 'phase')
    and (filter ->> 'processor' is null or t.processor = filter ->> 'processor')
    and (filter ->> 'partition' is null or t.partition = filter ->> 'partition')
    and (filter ->> 'queue' is null or t.queue = filter ->> 'queue')
    and (filter ->> 'outcome' is null or t.last_outcome = filter ->> 'outcome')
    and (filter ->> 'fingerprint' is null or starts_with(t.fingerprint, filter ->> 'fingerprint'))
    and (filter ->> 'since' is null or t.failed_at >= (filter ->> 'since')::timestamptz)
    and (filter ->> 'until' is null or t.failed_at < (filter ->> 'until')::timestamptz)
    and (filter ->> 'text' is null or strpos(lower(t.last_error), lower(filter ->> 'text')) > 0)
$$;

-- Failed tasks that are put back into their queues at a rate, whoever is there to do it.
create table headworks.redrives (
  id bigint generated always as identity primary key,
  namespace text not null references headworks.namespaces,
  state text not null default 'running' check (state in ('running', 'done', 'cancelled')),
  -- Which tasks: the filter as it was given; those up to the newest that had failed by then, and where it stands among them.
  filter jsonb not null,
  newest_id bigint not null,
  after_id bigint not null default 0,
  -- Per second; null: as fast as they can be put back.
  rate double precision check (rate > 0),
  allowance double precision not null default 0,
  looked_at timestamptz not null default now(),
  tasks bigint not null,
  retried bigint not null default 0,
  created_by text not null,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  check ((state = 'running') = (ended_at is null))
);
create index redrives_running on headworks.redrives (id) where state = 'running';


-- ============================================================ schedules

-- When work is created. One row for each slot, whatever the number of processes; what it asks for, beside it.
create table headworks.schedules (
  name text primary key,
  pipeline text not null,
  cron text not null,
  timezone text not null,
  processors text[] not null,
  -- The lane of the tasks that it makes.
  lane text not null default 'live',
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


-- ============================================================ history

-- What runs leave behind is divided by weeks, so that what is old is dropped whole, not deleted row by row. A week begins
-- on a Monday, at midnight UTC. What fits no week is kept by default: no insert ever fails for want of a partition.

-- The history: one row for every try, written when it ends. Ids are UUIDv7, so that their order is that of claiming, and
-- a run is in the week of its claim. Each week is divided by whether runs succeeded, since failures are kept longer.
create table headworks.runs (
  id uuid not null,
  task_id bigint not null,
  output_id bigint not null,
  namespace text not null,
  processor text not null,
  partition text not null,
  attempt integer not null,
  attempt_used boolean not null,
  outcome text not null check (outcome in
    ('success', 'no_data_available', 'dependency_missing', 'validation_failed', 'timeout', 'error')),
  reason text,
  -- Of the cause that every outcome but success has.
  fingerprint text,
  worker_id uuid not null,
  code_version text not null,
  traceparent text,
  due_at timestamptz not null,
  claimed_at timestamptz not null,
  ended_at timestamptz not null,
  records bigint not null default 0,
  expected_min bigint,
  expected_max bigint,
  rows_inserted bigint not null default 0,
  rows_updated bigint not null default 0,
  rows_unchanged bigint not null default 0,
  rows_removed bigint not null default 0,
  rows_rejected bigint not null default 0,
  requests integer not null default 0,
  logs_dropped integer not null default 0,
  -- What it used of its machine, as far as it can be told from what else its process did.
  cpu_ms bigint,
  peak_memory_bytes bigint,
  note text,
  progress jsonb,
  error jsonb,
  primary key (id, outcome),
  check ((outcome = 'success') = (fingerprint is null))
) partition by range (id);
create index runs_output on headworks.runs (output_id, id);
create index runs_processor on headworks.runs (namespace, processor, id);
create index runs_unsuccessful on headworks.runs (id) where outcome <> 'success';
create table headworks.runs_default partition of headworks.runs default;

create table headworks.run_metrics (
  run_id uuid not null,
  name text not null,
  labels jsonb not null,
  value double precision not null,
  at timestamptz not null default now()
) partition by range (at);
create index run_metrics_run on headworks.run_metrics (run_id);
create index run_metrics_name on headworks.run_metrics (name, at);
create table headworks.run_metrics_default partition of headworks.run_metrics default;
-- By age, for the rows that are deleted one by one.
create index run_metrics_default_at on headworks.run_metrics_default (at);

-- A line that is stored twice has the same instant both times.
create table headworks.run_logs (
  run_id uuid not null,
  seq integer not null,
  at timestamptz not null,
  severity text not null check (severity in ('DEBUG', 'INFO', 'WARNING', 'ERROR')),
  message text not null,
  fields jsonb,
  primary key (run_id, seq, at)
) partition by range (at);
create index run_logs_at on headworks.run_logs (at);
create table headworks.run_logs_default partition of headworks.run_logs default;

create table headworks.rejected_rows (
  id bigint generated always as identity,
  run_id uuid not null,
  dataset text not null,
  row jsonb not null,
  error text not null,
  at timestamptz not null default now(),
  primary key (id, at)
) partition by range (at);
create index rejected_rows_run on headworks.rejected_rows (run_id);
create table headworks.rejected_rows_default partition of headworks.rejected_rows default;
create index rejected_rows_default_at on headworks.rejected_rows_default (at);

-- A week of a table that is divided by `at`. What the default partition holds of the week moves there.
create function headworks.make_week(parent text, week date) returns void language plpgsql as $$
declare
  name text := format('%s_%s', parent, to_char(week, 'YYYYMMDD'));
  since timestamptz := week::timestamp at time zone 'UTC';
  until timestamptz := (week + 7)::timestamp at time zone 'UTC';
begin
  execute format('lock table headworks.%I in access exclusive mode', parent || '_default');
  execute format('create table headworks.%I (like headworks.%I including defaults including constraints including indexes)',
    name, parent);
  execute format('with moved as (delete from headworks.%I where at >= $1 and at < $2 returning *)
    insert into headworks.%I select * from moved', parent || '_default', name) using since, until;
  execute format('alter table headworks.%I attach partition headworks.%I for values from (%L) to (%L)',
    parent, name, since, until);
end $$;

-- Detached first, so that the parent is locked for no longer than that takes.
create function headworks.drop_week(parent text, name text) returns void language plpgsql as $$
begin
  execute format('alter table headworks.%I detach partition headworks.%I', parent, name);
  execute format('drop table headworks.%I', name);
end $$;

-- The first id of an instant: UUIDv7 begins with its milliseconds.
create function headworks.first_run_id(at timestamptz) returns uuid language sql immutable as $$
  select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- The instant of a bound, as the catalog shows it: 'xxxxxxxx-xxxx-…'.
create function headworks.instant_of(bound text) returns timestamptz language sql immutable as $$
  select to_timestamp(('x' || left(translate(bound, '''-', ''), 12))::bit(48)::bigint / 1000.0)
$$;

-- A week of runs. What the default partition holds of the week moves there.
create function headworks.make_run_week(week date) returns void language plpgsql as $$
declare
  name text := 'runs_' || to_char(week, 'YYYYMMDD');
  since uuid := headworks.first_run_id(week::timestamp at time zone 'UTC');
  until uuid := headworks.first_run_id((week + 7)::timestamp at time zone 'UTC');
begin
  lock table headworks.runs_default in access exclusive mode;
  execute format('create table headworks.%I (like headworks.runs including defaults including constraints) partition by list (outcome)', name);
  execute format('create table headworks.%I partition of headworks.%I for values in (''success'')', name || '_success', name);
  execute format('create table headworks.%I partition of headworks.%I for values in
    (''no_data_available'', ''dependency_missing'', ''validation_failed'', ''timeout'', ''error'')', name || '_other', name);
  execute format('with moved as (delete from headworks.runs_default where id >= $1 and id < $2 returning *)
    insert into headworks.%I select * from moved', name) using since, until;
  execute format('alter table headworks.runs attach partition headworks.%I for values from (%L) to (%L)', name, since, until);
end $$;

-- Successes alone: the rest of the week stays. Locks that week, which nothing is written to any more.
create function headworks.drop_run_successes(week text) returns void language plpgsql as $$
begin
  execute format('alter table headworks.%I detach partition headworks.%I', week, week || '_success');
  execute format('drop table headworks.%I', week || '_success');
end $$;

-- The whole week. The runs of tasks that are still there are kept by default; those of a failed task until its failure is resolved.
create function headworks.drop_run_week(week text) returns void language plpgsql as $$
begin
  -- The only step that those who write runs would wait for.
  perform set_config('lock_timeout', '300ms', true);
  execute format('alter table headworks.runs detach partition headworks.%I', week);
  execute format('insert into headworks.runs_default select r.* from headworks.%I r
    join headworks.tasks t on t.id = r.task_id
    where not (t.state = ''failed'' and exists (
      select from headworks.failures f where f.namespace = t.namespace and f.fingerprint = t.fingerprint and f.state = ''resolved''))', week);
  execute format('drop table headworks.%I', week);
end $$;

-- This week and the next two; those to come are made by whoever looks first. What claims to be older than the first week,
-- by a clock that is off, has a partition of its own, which also tells later on where the weeks begin.
do $$
declare
  monday date := (date_trunc('week', now() at time zone 'UTC'))::date;
  parent text;
begin
  execute format('create table headworks.runs_before partition of headworks.runs for values from (minvalue) to (%L)',
    headworks.first_run_id(monday::timestamp at time zone 'UTC'));
  for week in 0..2 loop
    perform headworks.make_run_week(monday + 7 * week);
    foreach parent in array array['run_logs', 'run_metrics', 'rejected_rows'] loop
      perform headworks.make_week(parent, monday + 7 * week);
    end loop;
  end loop;
end $$;


-- ============================================================ sources and data

-- Every response that a source gave; the bodies are kept by hash in the archive.
create table headworks.raw_documents (
  id bigint generated always as identity primary key,
  source text not null,
  method text not null,
  url text not null,
  -- SHA-256 of method, URL and request body: what a repeat from the archive looks for.
  request_hash text not null,
  status integer not null,
  headers jsonb not null,
  hash text not null,
  bytes bigint not null,
  duration_ms integer not null,
  fetched_at timestamptz not null,
  run_id uuid not null
);
create index raw_documents_request on headworks.raw_documents (source, request_hash, id);
create index raw_documents_run on headworks.raw_documents (run_id);
create index raw_documents_hash on headworks.raw_documents (hash);

-- Bodies in the archive that no response names any more. They are marked first, and removed from the disk only when that
-- has been committed. They stay for a while: a writer may have just found one there.
create table headworks.archive_garbage (
  hash text primary key,
  since timestamptz not null default clock_timestamp()
);
create index archive_garbage_since on headworks.archive_garbage (since);

-- Rows of runs too large to be sent with their settlement. Unlogged: a settlement counts them before it trusts them.
create unlogged table headworks.staged_rows (
  run_id uuid not null,
  dataset text not null,
  row json not null
);
create index staged_rows_run on headworks.staged_rows (run_id, dataset);

-- Files: written under a temporary name, settled here with the run, then renamed. Nobody reads the file of an expired
-- one; its row goes after it.
create table headworks.artifacts (
  namespace text not null references headworks.namespaces,
  -- By bytes: whatever begins alike lies together.
  path text collate "C" not null,
  state text not null check (state in ('settled', 'published', 'expired')),
  temporary_name text not null,
  bytes bigint not null,
  hash text not null,
  processor text not null,
  partition text not null,
  run_id uuid not null,
  settled_at timestamptz not null default now(),
  -- Of one that couldn't be given its name: since when, and what came of the last try.
  unpublished_since timestamptz,
  publish_error text,
  primary key (namespace, path)
);
-- Files that have been renamed are told by their temporary names: each is looked up, not looked for among all files.
create index artifacts_unpublished on headworks.artifacts (temporary_name) where state = 'settled';
create index artifacts_expired on headworks.artifacts (namespace, path) where state = 'expired';


-- ============================================================ upkeep

-- Walks through what mostly stays, once a day for the whole fleet.
create table headworks.retention_walks (
  name text primary key,
  began_at timestamptz not null
);

-- The backups that were taken of this database, and those that were tried: what the schedule and the doctor go by.
create table headworks.backups (
  id bigint generated always as identity primary key,
  state text not null check (state in ('running', 'done', 'failed')),
  -- The slot of the schedule that it was taken for; null when somebody asked for it.
  slot_at timestamptz,
  every_ms bigint,
  host text not null,
  started_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  file text,
  bytes bigint,
  rows bigint,
  error text,
  check ((slot_at is null) = (every_ms is null)),
  check ((state = 'running') = (ended_at is null)),
  check ((state = 'done') = (file is not null)),
  check ((state = 'failed') = (error is not null))
);
create unique index backups_slot on headworks.backups (slot_at) where state = 'done';
create index backups_started on headworks.backups (started_at);

-- What people did.
create table headworks.audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  -- The account of the operating system, or the name of a key, by which it was done.
  actor text not null,
  -- The name of the operation: `queues.pause`, `failures.retry`.
  action text not null,
  subject text not null,
  details jsonb not null default '{}'
);
create index audit_log_at on headworks.audit_log (at);

-- What the engine noticed: a log of few rows, kept apart from those of runs.
create table headworks.events (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  kind text not null,
  subject text not null,
  message text not null,
  details jsonb not null default '{}'
);
create index events_at on headworks.events (at);
create index events_kind on headworks.events (kind, subject, at);

-- A duty of housekeeping that fails has a row for each host as long as that lasts, so that any process can tell of it.
create table headworks.duty_failures (
  duty text not null,
  host text not null,
  since timestamptz not null default statement_timestamp(),
  failed_at timestamptz not null default statement_timestamp(),
  error text not null,
  hint text,
  primary key (duty, host)
);


-- ============================================================ views: the public face for a user's own SQL

create view headworks.v_outputs as
select o.id, o.namespace, p.pipeline, p.phase, p.phase_index, o.processor, p.criticality, o.partition,
  case when t.state = 'running' then 'running' else o.status end as status,
  o.status as ledger_status, o.outcome, o.reason, o.vouched_by, o.records, o.expected_min, o.expected_max,
  o.opens_at, o.expected_by, o.settled_at, o.run_id, o.changed_by,
  coalesce(o.status in ('expected', 'degraded') and o.expected_by < now(), false) as overdue,
  t.state as task_state, t.due_at as task_due_at, t.attempts_used, t.last_outcome, t.last_reason, t.last_error,
  case when t.last_outcome is null then o.fingerprint else t.fingerprint end as fingerprint
from headworks.outputs o
join headworks.processors p on p.namespace = o.namespace and p.name = o.processor
left join headworks.tasks t on t.output_id = o.id
where p.retired_at is null;

create view headworks.v_runs as
select r.id, r.namespace, p.pipeline, p.phase, r.processor, r.partition, r.output_id, r.attempt, r.attempt_used,
  r.outcome, r.reason, r.claimed_at, r.ended_at,
  round(extract(epoch from r.ended_at - r.claimed_at) * 1000)::bigint as duration_ms,
  r.records, r.expected_min, r.expected_max, r.rows_inserted, r.rows_updated, r.rows_unchanged, r.rows_removed,
  r.rows_rejected, r.requests, r.note, r.progress, r.error, r.logs_dropped, r.worker_id, r.code_version, r.traceparent,
  r.due_at, r.cpu_ms, r.peak_memory_bytes, r.fingerprint
from headworks.runs r
left join headworks.processors p on p.namespace = r.namespace and p.name = r.processor
union all
select t.run_id, t.namespace, p.pipeline, p.phase, t.processor, t.partition, t.output_id, t.attempt, null,
  null, null, t.claimed_at, null, null,
  null, null, null, null, null, null, null,
  null, null, null, null, null, null, t.worker_id, null, t.traceparent,
  t.due_at, null, null, null
from headworks.tasks t
left join headworks.processors p on p.namespace = t.namespace and p.name = t.processor
where t.state = 'running';

create view headworks.v_schedules as
select s.name, s.pipeline, s.cron, s.timezone, s.processors, s.missed, s.jitter_ms, s.paused_at,
  last.slot_at as last_slot_at, last.state as last_slot_state,
  case when s.paused_at is null then s.next_slot_at end as next_slot_at,
  (select count(*) from headworks.schedule_requests r where r.schedule = s.name and r.state = 'pending') as pending
from headworks.schedules s
left join lateral (
  select slot_at, state from headworks.schedule_slots l where l.schedule = s.name order by slot_at desc limit 1) as last on true
where s.retired_at is null;
