-- Every table, index, function and view of Headworks, as its migrations leave them. Written from the catalog of a migrated
-- database by `npm run schema:sql --workspace headworks`; it is read, never run. Partitions by week are left out.

create table headworks.archive_garbage (
  hash text not null,
  since timestamptz not null default clock_timestamp(),
  primary key (hash)
);
create index archive_garbage_since on headworks.archive_garbage (since);

create table headworks.artifacts (
  namespace text not null,
  path text not null,
  state text not null,
  temporary_name text not null,
  bytes bigint not null,
  hash text not null,
  processor text not null,
  partition text not null,
  run_id uuid not null,
  settled_at timestamptz not null default now(),
  unpublished_since timestamptz,
  publish_error text,
  primary key (namespace, path),
  foreign key (namespace) references namespaces(name),
  check (state = any (array['settled', 'published', 'expired']))
);
create index artifacts_expired on headworks.artifacts (namespace, path) where (state = 'expired');
create index artifacts_unpublished on headworks.artifacts (temporary_name) where (state = 'settled');

create table headworks.audit_log (
  id bigint not null generated always as identity,
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  action text not null,
  subject text not null,
  details jsonb not null default '{}'::jsonb,
  primary key (id)
);
create index audit_log_at on headworks.audit_log (at);

create table headworks.backups (
  id bigint not null generated always as identity,
  state text not null,
  slot_at timestamptz,
  every_ms bigint,
  host text not null,
  started_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  file text,
  bytes bigint,
  rows bigint,
  error text,
  primary key (id),
  check ((slot_at is null) = (every_ms is null)),
  check ((state = 'done') = (file is not null)),
  check ((state = 'failed') = (error is not null)),
  check ((state = 'running') = (ended_at is null)),
  check (state = any (array['running', 'done', 'failed']))
);
create index backups_started on headworks.backups (started_at);
create unique index backups_slot on headworks.backups (slot_at) where (state = 'done');

create table headworks.breakers (
  namespace text not null,
  kind text not null,
  name text not null,
  state text not null default 'closed',
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
  foreign key (namespace) references namespaces(name),
  check ((state = 'closed') = (opened_at is null)),
  check ((state = 'closed') = (reason is null)),
  check ((state = 'open') = (retry_at is not null)),
  check (kind = any (array['source', 'processor'])),
  check (state = 'half_open' or probe_until is null),
  check (state = any (array['closed', 'open', 'half_open']))
);

create table headworks.datasets (
  namespace text not null,
  name text not null,
  columns jsonb not null,
  key text[] not null,
  applied_at timestamptz not null default now(),
  primary key (namespace, name),
  foreign key (namespace) references namespaces(name)
);

create table headworks.dedupe_keys (
  key text not null,
  added_at timestamptz not null default clock_timestamp(),
  primary key (key)
);
create index dedupe_keys_added_at on headworks.dedupe_keys (added_at);

create table headworks.duty_failures (
  duty text not null,
  host text not null,
  since timestamptz not null default statement_timestamp(),
  failed_at timestamptz not null default statement_timestamp(),
  error text not null,
  hint text,
  primary key (duty, host)
);

create table headworks.edges (
  downstream_id bigint not null,
  need smallint not null,
  option smallint not null default 0,
  upstream_id bigint not null,
  mode text not null,
  accepts_degraded boolean not null,
  any_of boolean not null,
  member_of text not null default '',
  to_prod boolean not null default false,
  primary key (downstream_id, need, option, upstream_id, member_of),
  check (mode = any (array['required', 'optional']))
);
create index edges_to_prod on headworks.edges (upstream_id, downstream_id) where to_prod;
create index edges_upstream on headworks.edges (upstream_id, downstream_id) where (not to_prod);

create table headworks.events (
  id bigint not null generated always as identity,
  at timestamptz not null default clock_timestamp(),
  kind text not null,
  subject text not null,
  message text not null,
  details jsonb not null default '{}'::jsonb,
  primary key (id)
);
create index events_at on headworks.events (at);
create index events_kind on headworks.events (kind, subject, at);

create table headworks.failures (
  namespace text not null,
  fingerprint text not null,
  state text not null default 'open',
  count bigint not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  last_code_version text not null,
  note text,
  resolved_at timestamptz,
  resolved_version text,
  ignored_until timestamptz,
  ignored_above bigint,
  hour_at timestamptz,
  hour_count bigint not null default 0,
  primary key (namespace, fingerprint),
  foreign key (namespace) references namespaces(name),
  check ((state = 'ignored') = (ignored_until is not null or ignored_above is not null)),
  check ((state = 'resolved') = (resolved_at is not null)),
  check (count > 0),
  check (fingerprint ~ '^[0-9a-f]{16}$'),
  check (ignored_above > 0),
  check (resolved_version is null or state = 'resolved'),
  check (state = any (array['open', 'resolved', 'ignored']))
) with (fillfactor=70);

create table headworks.lanes (
  namespace text not null,
  queue text not null,
  name text not null,
  weight double precision not null,
  rate double precision,
  burst double precision not null default 1,
  tokens double precision not null default 0,
  refilled_at timestamptz not null default '1970-01-01 00:00:00+00'::timestamptz,
  pass double precision not null default 0,
  primary key (queue, name),
  foreign key (namespace) references namespaces(name),
  foreign key (queue) references queues(name) on delete cascade,
  check (burst >= 1::double precision),
  check (namespace = 'prod' or name = namespace),
  check (rate > 0::double precision),
  check (weight > 0::double precision)
) with (fillfactor=50);

create table headworks.migrations (
  version integer not null,
  name text not null,
  hash text not null,
  applied_at timestamptz not null default now(),
  primary key (version)
);

create table headworks.namespaces (
  name text not null,
  kind text not null,
  created_at timestamptz not null default now(),
  code_version text,
  registered_at timestamptz,
  primary key (name),
  check ((code_version is null) = (registered_at is null)),
  check (kind = 'prod' and name = 'prod' or kind <> 'prod' and name ~ (('^' || kind) || '_[a-z0-9_]{1,40}$') and name !~ '_rows$'),
  check (kind = any (array['prod', 'batch', 'replay']))
);

create table headworks.outputs (
  id bigint not null generated always as identity,
  namespace text not null,
  processor text not null,
  partition text not null,
  status text not null default 'expected',
  outcome text,
  reason text,
  fingerprint text,
  vouched_by text,
  records bigint,
  expected_min bigint,
  expected_max bigint,
  opens_at timestamptz not null,
  expected_by timestamptz,
  settled_at timestamptz,
  changed_at timestamptz,
  run_id uuid,
  changed_by uuid,
  read_set text,
  created_at timestamptz not null default now(),
  primary key (id),
  unique (namespace, processor, partition),
  check ((status = 'empty') = (vouched_by is not null)),
  check (status = any (array['expected', 'complete', 'empty', 'degraded', 'failed', 'waived'])),
  check (vouched_by = any (array['expectation', 'processor', 'nobody']))
) with (fillfactor=40);

create table headworks.partitions (
  namespace text not null,
  set_name text not null,
  key text not null,
  parent text not null,
  discovered_by bigint not null,
  discovered_at timestamptz not null default now(),
  primary key (namespace, set_name, key),
  foreign key (namespace) references namespaces(name)
);
create index partitions_discoverer on headworks.partitions (discovered_by);
create index partitions_parent on headworks.partitions (parent);

create table headworks.payloads (
  output_id bigint not null,
  payload json not null,
  given_at timestamptz not null default now(),
  primary key (output_id)
);

create table headworks.processors (
  namespace text not null,
  name text not null,
  pipeline text not null,
  phase text not null,
  phase_index smallint not null,
  "position" smallint not null,
  criticality text not null,
  priority smallint not null,
  queue text not null,
  definition jsonb not null,
  retired_at timestamptz,
  primary key (namespace, name),
  foreign key (namespace) references namespaces(name),
  check (criticality = any (array['critical', 'high', 'normal', 'low']))
);

create table headworks.queues (
  name text not null,
  rate double precision,
  burst double precision not null default 1,
  max_concurrent integer,
  tokens double precision not null default 0,
  refilled_at timestamptz not null default '1970-01-01 00:00:00+00'::timestamptz,
  claims bigint not null default 0,
  paused_at timestamptz,
  primary key (name),
  check (burst >= 1::double precision),
  check (max_concurrent >= 1),
  check (rate > 0::double precision)
) with (fillfactor=50);

create table headworks.raw_documents (
  id bigint not null generated always as identity,
  source text not null,
  method text not null,
  url text not null,
  request_hash text not null,
  status integer not null,
  headers jsonb not null,
  hash text not null,
  bytes bigint not null,
  duration_ms integer not null,
  fetched_at timestamptz not null,
  run_id uuid not null,
  primary key (id)
);
create index raw_documents_hash on headworks.raw_documents (hash);
create index raw_documents_request on headworks.raw_documents (source, request_hash, id);
create index raw_documents_run on headworks.raw_documents (run_id);

create table headworks.redrives (
  id bigint not null generated always as identity,
  namespace text not null,
  state text not null default 'running',
  filter jsonb not null,
  newest_id bigint not null,
  after_id bigint not null default 0,
  rate double precision,
  allowance double precision not null default 0,
  looked_at timestamptz not null default now(),
  tasks bigint not null,
  retried bigint not null default 0,
  created_by text not null,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (id),
  foreign key (namespace) references namespaces(name),
  check ((state = 'running') = (ended_at is null)),
  check (rate > 0::double precision),
  check (state = any (array['running', 'done', 'cancelled']))
);
create index redrives_running on headworks.redrives (id) where (state = 'running');

create table headworks.rejected_rows (
  id bigint not null generated always as identity,
  run_id uuid not null,
  dataset text not null,
  "row" jsonb not null,
  error text not null,
  at timestamptz not null default now(),
  primary key (id, at)
) partition by range (at);
create index rejected_rows_run on headworks.rejected_rows (run_id);

create table headworks.rejected_rows_default partition of headworks.rejected_rows default;
create index rejected_rows_default_at on headworks.rejected_rows_default (at);

create table headworks.retention_walks (
  name text not null,
  began_at timestamptz not null,
  primary key (name)
);

create table headworks.retry_counts (
  namespace text not null,
  kind text not null,
  name text not null,
  minute timestamptz not null,
  starts bigint not null,
  retries bigint not null,
  primary key (namespace, kind, name, minute),
  foreign key (namespace) references namespaces(name),
  check (kind = any (array['processor', 'source']))
) with (fillfactor=50);

create table headworks.retry_storms (
  namespace text not null,
  kind text not null,
  name text not null,
  began_at timestamptz not null default now(),
  starts bigint not null,
  retries bigint not null,
  primary key (namespace, kind, name),
  foreign key (namespace) references namespaces(name)
);

create table headworks.run_logs (
  run_id uuid not null,
  seq integer not null,
  at timestamptz not null,
  severity text not null,
  message text not null,
  fields jsonb,
  primary key (run_id, seq, at),
  check (severity = any (array['DEBUG', 'INFO', 'WARNING', 'ERROR']))
) partition by range (at);
create index run_logs_at on headworks.run_logs (at);

create table headworks.run_logs_default partition of headworks.run_logs default;

create table headworks.run_metrics (
  run_id uuid not null,
  name text not null,
  labels jsonb not null,
  value double precision not null,
  at timestamptz not null default now()
) partition by range (at);
create index run_metrics_name on headworks.run_metrics (name, at);
create index run_metrics_run on headworks.run_metrics (run_id);

create table headworks.run_metrics_default partition of headworks.run_metrics default;
create index run_metrics_default_at on headworks.run_metrics_default (at);

create table headworks.runs (
  id uuid not null,
  task_id bigint not null,
  output_id bigint not null,
  namespace text not null,
  processor text not null,
  partition text not null,
  attempt integer not null,
  attempt_used boolean not null,
  outcome text not null,
  reason text,
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
  cpu_ms bigint,
  peak_memory_bytes bigint,
  note text,
  progress jsonb,
  error jsonb,
  primary key (id, outcome),
  check ((outcome = 'success') = (fingerprint is null)),
  check (outcome = any (array['success', 'no_data_available', 'dependency_missing', 'validation_failed', 'timeout', 'error']))
) partition by range (id);
create index runs_output on headworks.runs (output_id, id);
create index runs_processor on headworks.runs (namespace, processor, id);
create index runs_unsuccessful on headworks.runs (id) where (outcome <> 'success');

create table headworks.runs_default partition of headworks.runs default;

create table headworks.schedule_requests (
  schedule text not null,
  slot_at timestamptz not null,
  processor text not null,
  partition text,
  output_id bigint,
  state text not null,
  due_at timestamptz not null,
  asked_at timestamptz,
  primary key (schedule, slot_at, processor),
  foreign key (schedule, slot_at) references schedule_slots(schedule, slot_at) on delete cascade,
  check ((output_id is null) = (partition is null)),
  check ((state = 'asked') = (asked_at is not null)),
  check ((state = 'no_partition') = (output_id is null)),
  check (state = any (array['pending', 'asked', 'dropped', 'no_partition']))
) with (fillfactor=80);
create index schedule_requests_output on headworks.schedule_requests (output_id, asked_at) where (state = 'asked');
create index schedule_requests_pending on headworks.schedule_requests (due_at) where (state = 'pending');
create index schedule_requests_pending_output on headworks.schedule_requests (output_id) where (state = 'pending');

create table headworks.schedule_slots (
  schedule text not null,
  slot_at timestamptz not null,
  state text not null,
  due_at timestamptz not null,
  decided_at timestamptz not null default clock_timestamp(),
  primary key (schedule, slot_at),
  foreign key (schedule) references schedules(name),
  check (state = any (array['due', 'skipped']))
);
create index schedule_slots_slot_at on headworks.schedule_slots (slot_at);

create table headworks.schedules (
  name text not null,
  pipeline text not null,
  cron text not null,
  timezone text not null,
  processors text[] not null,
  lane text not null default 'live',
  days_back integer,
  missed text not null,
  jitter_ms bigint not null,
  decided_until timestamptz not null default clock_timestamp(),
  next_slot_at timestamptz default clock_timestamp(),
  paused_at timestamptz,
  retired_at timestamptz,
  primary key (name),
  check (days_back >= 0),
  check (jitter_ms >= 0),
  check (missed = any (array['skip', 'latest', 'all']))
) with (fillfactor=50);

create table headworks.sources (
  name text not null,
  next_slot_at timestamptz not null default '1970-01-01 00:00:00+00'::timestamptz,
  quota_window_at timestamptz not null default '1970-01-01 00:00:00+00'::timestamptz,
  quota_used bigint not null default 0,
  primary key (name)
) with (fillfactor=50);

create unlogged table headworks.staged_rows (
  run_id uuid not null,
  dataset text not null,
  "row" json not null
);
create index staged_rows_run on headworks.staged_rows (run_id, dataset);

create table headworks.tasks (
  id bigint not null generated always as identity,
  output_id bigint not null,
  namespace text not null,
  processor text not null,
  partition text not null,
  queue text not null,
  lane text not null default 'live',
  priority smallint not null,
  priority_by_hand boolean not null default false,
  state text not null,
  due_at timestamptz not null default now(),
  expires_at timestamptz,
  attempt integer not null default 0,
  attempts_used integer not null default 0,
  alone boolean not null default false,
  deaths_alone smallint not null default 0,
  waiting_since timestamptz,
  waits_for bigint,
  worker_id uuid,
  run_id uuid,
  claimed_at timestamptz,
  first_claimed_at timestamptz,
  from_archive boolean not null default false,
  forced boolean not null default false,
  rerun boolean not null default false,
  traceparent text,
  last_outcome text,
  last_reason text,
  last_error text,
  fingerprint text,
  first_failed_at timestamptz,
  failed_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (id),
  check ((state = 'running') = (worker_id is not null)),
  check ((worker_id is null) = (run_id is null)),
  check (attempts_used <= attempt),
  check (fingerprint ~ '^[0-9a-f]{16}$'),
  check (namespace = 'prod' or lane = namespace),
  check (state <> 'waiting' or waiting_since is not null),
  check (state = any (array['scheduled', 'ready', 'running', 'waiting', 'failed'])),
  check (waits_for is null or state = 'waiting')
) with (fillfactor=40, autovacuum_vacuum_scale_factor=0.02, autovacuum_vacuum_cost_delay=0);
create index tasks_due on headworks.tasks (due_at) where (state = any (array['scheduled', 'waiting']));
create index tasks_expiring on headworks.tasks (expires_at) where ((expires_at is not null) and (first_claimed_at is null) and (state = any (array['scheduled', 'ready', 'waiting'])));
create index tasks_failed on headworks.tasks (fingerprint, id) where (state = 'failed');
create index tasks_ready on headworks.tasks (queue, lane, priority, due_at, id) where ((state = 'ready') and (not alone));
create index tasks_ready_alone on headworks.tasks (priority, due_at, id) where ((state = 'ready') and alone);
create index tasks_running on headworks.tasks (queue, worker_id) where (state = 'running');
create index tasks_waits_for on headworks.tasks (waits_for) where (waits_for is not null);
create unique index tasks_output on headworks.tasks (output_id);

create table headworks.workers (
  id uuid not null,
  namespace text not null,
  host text not null,
  process_key text not null,
  code_version text not null,
  concurrency integer not null,
  started_at timestamptz not null default now(),
  lease_expires_at timestamptz not null,
  isolated_until timestamptz,
  memory_bytes bigint,
  loop_delay_ms double precision,
  pool_connections integer,
  pool_waiting integer,
  vitals_at timestamptz,
  primary key (id)
) with (fillfactor=50);

CREATE OR REPLACE FUNCTION headworks.drop_run_successes(week text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  execute format('alter table headworks.%I detach partition headworks.%I', week, week || '_success');
  execute format('drop table headworks.%I', week || '_success');
end $function$;

CREATE OR REPLACE FUNCTION headworks.drop_run_week(week text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  -- The only step that those who write runs would wait for.
  perform set_config('lock_timeout', '300ms', true);
  execute format('alter table headworks.runs detach partition headworks.%I', week);
  execute format('insert into headworks.runs_default select r.* from headworks.%I r
    join headworks.tasks t on t.id = r.task_id
    where not (t.state = ''failed'' and exists (
      select from headworks.failures f where f.namespace = t.namespace and f.fingerprint = t.fingerprint and f.state = ''resolved''))', week);
  execute format('drop table headworks.%I', week);
end $function$;

CREATE OR REPLACE FUNCTION headworks.drop_week(parent text, name text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  execute format('alter table headworks.%I detach partition headworks.%I', parent, name);
  execute format('drop table headworks.%I', name);
end $function$;

CREATE OR REPLACE FUNCTION headworks.failed_tasks(namespace text, filter jsonb)
 RETURNS SETOF tasks
 LANGUAGE sql
 STABLE
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION headworks.first_run_id(at timestamp with time zone)
 RETURNS uuid
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$function$;

CREATE OR REPLACE FUNCTION headworks.instant_of(bound text)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select to_timestamp(('x' || left(translate(bound, '''-', ''), 12))::bit(48)::bigint / 1000.0)
$function$;

CREATE OR REPLACE FUNCTION headworks.lane_of(namespace text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select case when namespace = 'prod' then 'live' else namespace end
$function$;

CREATE OR REPLACE FUNCTION headworks.make_run_week(week date)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION headworks.make_week(parent text, week date)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
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
end $function$;

create view headworks.v_outputs as
 SELECT o.id,
    o.namespace,
    p.pipeline,
    p.phase,
    p.phase_index,
    o.processor,
    p.criticality,
    o.partition,
        CASE
            WHEN t.state = 'running'::text THEN 'running'::text
            ELSE o.status
        END AS status,
    o.status AS ledger_status,
    o.outcome,
    o.reason,
    o.vouched_by,
    o.records,
    o.expected_min,
    o.expected_max,
    o.opens_at,
    o.expected_by,
    o.settled_at,
    o.run_id,
    o.changed_by,
    COALESCE((o.status = ANY (ARRAY['expected'::text, 'degraded'::text])) AND o.expected_by < now(), false) AS overdue,
    t.state AS task_state,
    t.due_at AS task_due_at,
    t.attempts_used,
    t.last_outcome,
    t.last_reason,
    t.last_error,
        CASE
            WHEN t.last_outcome IS NULL THEN o.fingerprint
            ELSE t.fingerprint
        END AS fingerprint
   FROM outputs o
     JOIN processors p ON p.namespace = o.namespace AND p.name = o.processor
     LEFT JOIN tasks t ON t.output_id = o.id
  WHERE p.retired_at IS NULL;

create view headworks.v_runs as
 SELECT r.id,
    r.namespace,
    p.pipeline,
    p.phase,
    r.processor,
    r.partition,
    r.output_id,
    r.attempt,
    r.attempt_used,
    r.outcome,
    r.reason,
    r.claimed_at,
    r.ended_at,
    round(EXTRACT(epoch FROM r.ended_at - r.claimed_at) * 1000::numeric)::bigint AS duration_ms,
    r.records,
    r.expected_min,
    r.expected_max,
    r.rows_inserted,
    r.rows_updated,
    r.rows_unchanged,
    r.rows_removed,
    r.rows_rejected,
    r.requests,
    r.note,
    r.progress,
    r.error,
    r.logs_dropped,
    r.worker_id,
    r.code_version,
    r.traceparent,
    r.due_at,
    r.cpu_ms,
    r.peak_memory_bytes,
    r.fingerprint
   FROM runs r
     LEFT JOIN processors p ON p.namespace = r.namespace AND p.name = r.processor
UNION ALL
 SELECT t.run_id AS id,
    t.namespace,
    p.pipeline,
    p.phase,
    t.processor,
    t.partition,
    t.output_id,
    t.attempt,
    NULL::boolean AS attempt_used,
    NULL::text AS outcome,
    NULL::text AS reason,
    t.claimed_at,
    NULL::timestamp with time zone AS ended_at,
    NULL::bigint AS duration_ms,
    NULL::bigint AS records,
    NULL::bigint AS expected_min,
    NULL::bigint AS expected_max,
    NULL::bigint AS rows_inserted,
    NULL::bigint AS rows_updated,
    NULL::bigint AS rows_unchanged,
    NULL::bigint AS rows_removed,
    NULL::bigint AS rows_rejected,
    NULL::integer AS requests,
    NULL::text AS note,
    NULL::jsonb AS progress,
    NULL::jsonb AS error,
    NULL::integer AS logs_dropped,
    t.worker_id,
    NULL::text AS code_version,
    t.traceparent,
    t.due_at,
    NULL::bigint AS cpu_ms,
    NULL::bigint AS peak_memory_bytes,
    NULL::text AS fingerprint
   FROM tasks t
     LEFT JOIN processors p ON p.namespace = t.namespace AND p.name = t.processor
  WHERE t.state = 'running'::text;

create view headworks.v_schedules as
 SELECT s.name,
    s.pipeline,
    s.cron,
    s.timezone,
    s.processors,
    s.missed,
    s.jitter_ms,
    s.paused_at,
    last.slot_at AS last_slot_at,
    last.state AS last_slot_state,
        CASE
            WHEN s.paused_at IS NULL THEN s.next_slot_at
            ELSE NULL::timestamp with time zone
        END AS next_slot_at,
    ( SELECT count(*) AS count
           FROM schedule_requests r
          WHERE r.schedule = s.name AND r.state = 'pending'::text) AS pending
   FROM schedules s
     LEFT JOIN LATERAL ( SELECT l.slot_at,
            l.state
           FROM schedule_slots l
          WHERE l.schedule = s.name
          ORDER BY l.slot_at DESC
         LIMIT 1) last ON true
  WHERE s.retired_at IS NULL;
