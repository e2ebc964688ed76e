-- The core of Headworks: registry snapshot, ledger, tasks, run history, and what runs leave behind.

create table headworks.registry (
  only_row boolean primary key default true check (only_row),
  code_version text not null,
  registered_at timestamptz not null default now()
);

create table headworks.processors (
  name text primary key,
  pipeline text not null,
  phase text not null,
  phase_index smallint not null,
  position smallint not null,
  criticality text not null check (criticality in ('critical', 'high', 'normal', 'low')),
  priority smallint not null,
  queue text not null,
  definition jsonb not null,
  retired_at timestamptz
);

create table headworks.namespaces (
  name text primary key check (name ~ '^[a-z][a-z0-9_]{0,62}$' and name not in ('headworks', 'public')),
  kind text not null check (kind in ('prod', 'batch', 'replay')),
  created_at timestamptz not null default now()
);
insert into headworks.namespaces (name, kind) values ('prod', 'prod');
create schema prod;

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

create table headworks.sources (
  name text primary key,
  -- The theoretical arrival time of the next request (GCRA).
  next_slot_at timestamptz not null default 'epoch',
  quota_window_at timestamptz not null default 'epoch',
  quota_used bigint not null default 0
) with (fillfactor = 50);

-- One row per runner process. Its supervisor renews the lease; the fence of every run is (task, worker, attempt).
create table headworks.workers (
  id uuid primary key,
  host text not null,
  -- What the same host needs to see that the process is gone: boot, process namespace, pid, start of the process.
  process_key text not null,
  code_version text not null,
  concurrency integer not null,
  started_at timestamptz not null default now(),
  lease_expires_at timestamptz not null
) with (fillfactor = 50);

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
create index partitions_parent on headworks.partitions (namespace, set_name, parent);
create index partitions_discoverer on headworks.partitions (discovered_by);

-- The ledger of expected outputs. `running` and `overdue` are derived: see v_outputs.
create table headworks.outputs (
  id bigint generated always as identity primary key,
  namespace text not null,
  processor text not null,
  partition text not null,
  status text not null default 'expected'
    check (status in ('expected', 'complete', 'empty', 'degraded', 'failed', 'waived')),
  outcome text,
  reason text,
  vouched_by text check (vouched_by in ('expectation', 'processor', 'nobody')),
  records bigint,
  expected_min bigint,
  expected_max bigint,
  opens_at timestamptz not null,
  expected_by timestamptz,
  settled_at timestamptz,
  -- The last run that settled it, and the last that changed its rows.
  run_id uuid,
  changed_by uuid,
  -- What the last complete run had read, when it read only what its needs hold: equal again, it needn't run.
  read_set text,
  created_at timestamptz not null default now(),
  unique (namespace, processor, partition),
  check ((status = 'empty') = (vouched_by is not null))
) with (fillfactor = 70);
create index outputs_expected on headworks.outputs (id) where status = 'expected';

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
  primary key (downstream_id, need, option, upstream_id, member_of)
);
create index edges_upstream on headworks.edges (upstream_id, downstream_id);

-- Live and failed work only: a task that succeeded is deleted in its settlement.
create table headworks.tasks (
  id bigint generated always as identity primary key,
  output_id bigint not null,
  namespace text not null,
  processor text not null,
  partition text not null,
  queue text not null,
  priority smallint not null,
  state text not null check (state in ('scheduled', 'ready', 'running', 'waiting', 'failed')),
  due_at timestamptz not null default now(),
  attempt integer not null default 0,
  attempts_used integer not null default 0 check (attempts_used <= attempt),
  alone boolean not null default false,
  deaths_alone smallint not null default 0,
  waiting_since timestamptz,
  waits_for bigint,
  worker_id uuid,
  run_id uuid,
  claimed_at timestamptz,
  -- Set when somebody asked for this run: it reads the archive instead of the network; it runs though
  -- nothing changed; its output was complete before.
  from_archive boolean not null default false,
  forced boolean not null default false,
  rerun boolean not null default false,
  traceparent text,
  last_outcome text,
  last_reason text,
  last_error text,
  created_at timestamptz not null default now(),
  check ((state = 'running') = (worker_id is not null)),
  check ((worker_id is null) = (run_id is null)),
  check (waits_for is null or state = 'waiting'),
  check (state <> 'waiting' or waiting_since is not null)
) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
create unique index tasks_output on headworks.tasks (output_id);
create index tasks_ready on headworks.tasks (queue, priority, due_at, id) where state = 'ready' and not alone;
create index tasks_ready_alone on headworks.tasks (priority, due_at, id) where state = 'ready' and alone;
create index tasks_due on headworks.tasks (due_at) where state in ('scheduled', 'waiting');
create index tasks_running on headworks.tasks (queue, worker_id) where state = 'running';
create index tasks_waits_for on headworks.tasks (waits_for) where waits_for is not null;

-- The history: one row for every try, written when it ends. Ids are UUIDv7, so that their order is that of claiming.
create table headworks.runs (
  id uuid primary key,
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
  note text,
  progress jsonb,
  error jsonb
);
create index runs_output on headworks.runs (output_id, id);
create index runs_processor on headworks.runs (processor, id);
create index runs_unsuccessful on headworks.runs (id) where outcome <> 'success';

create table headworks.run_metrics (
  run_id uuid not null,
  name text not null,
  labels jsonb not null,
  value double precision not null,
  at timestamptz not null default now()
);
create index run_metrics_run on headworks.run_metrics (run_id);
create index run_metrics_name on headworks.run_metrics (name, at);

create table headworks.run_logs (
  run_id uuid not null,
  seq integer not null,
  at timestamptz not null,
  severity text not null check (severity in ('DEBUG', 'INFO', 'WARNING', 'ERROR')),
  message text not null,
  fields jsonb,
  primary key (run_id, seq)
);
create index run_logs_at on headworks.run_logs (at);

create table headworks.rejected_rows (
  id bigint generated always as identity primary key,
  run_id uuid not null,
  dataset text not null,
  row jsonb not null,
  error text not null,
  at timestamptz not null default now()
);
create index rejected_rows_run on headworks.rejected_rows (run_id);

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

-- Rows of runs too large to be sent with their settlement. Unlogged: a settlement counts them before it trusts them.
create unlogged table headworks.staged_rows (
  run_id uuid not null,
  dataset text not null,
  row json not null
);
create index staged_rows_run on headworks.staged_rows (run_id, dataset);

create table headworks.datasets (
  namespace text not null references headworks.namespaces,
  name text not null,
  columns jsonb not null,
  key text[] not null,
  applied_at timestamptz not null default now(),
  primary key (namespace, name)
);

-- Files: written under a temporary name, settled here with the run, then renamed.
create table headworks.artifacts (
  namespace text not null references headworks.namespaces,
  path text not null,
  state text not null check (state in ('settled', 'published')),
  temporary_name text not null,
  bytes bigint not null,
  hash text not null,
  processor text not null,
  partition text not null,
  run_id uuid not null,
  settled_at timestamptz not null default now(),
  primary key (namespace, path)
);
create index artifacts_unpublished on headworks.artifacts (settled_at) where state = 'settled';

-- The public face for a user's own SQL.
create view headworks.v_outputs as
select o.id, o.namespace, p.pipeline, p.phase, p.phase_index, o.processor, p.criticality, o.partition,
  case when t.state = 'running' then 'running' else o.status end as status,
  o.status as ledger_status, o.outcome, o.reason, o.vouched_by, o.records, o.expected_min, o.expected_max,
  o.opens_at, o.expected_by, o.settled_at, o.run_id, o.changed_by,
  coalesce(o.status in ('expected', 'degraded') and o.expected_by < now(), false) as overdue,
  t.state as task_state, t.due_at as task_due_at, t.attempts_used, t.last_outcome, t.last_reason, t.last_error
from headworks.outputs o
join headworks.processors p on p.name = o.processor
left join headworks.tasks t on t.output_id = o.id
where p.retired_at is null;

create view headworks.v_runs as
select r.id, r.namespace, p.pipeline, p.phase, r.processor, r.partition, r.output_id, r.attempt, r.attempt_used,
  r.outcome, r.reason, r.claimed_at, r.ended_at,
  round(extract(epoch from r.ended_at - r.claimed_at) * 1000)::bigint as duration_ms,
  r.records, r.expected_min, r.expected_max, r.rows_inserted, r.rows_updated, r.rows_unchanged, r.rows_removed,
  r.rows_rejected, r.requests, r.note, r.progress, r.error, r.logs_dropped, r.worker_id, r.code_version, r.traceparent,
  r.due_at
from headworks.runs r
left join headworks.processors p on p.name = r.processor
union all
select t.run_id, t.namespace, p.pipeline, p.phase, t.processor, t.partition, t.output_id, t.attempt, null,
  null, null, t.claimed_at, null, null,
  null, null, null, null, null, null, null,
  null, null, null, null, null, null, t.worker_id, null, t.traceparent,
  t.due_at
from headworks.tasks t
left join headworks.processors p on p.name = t.processor
where t.state = 'running';
