-- What people did, and what the engine noticed: two logs of few rows, kept apart from those of runs.

create table headworks.audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  -- The account of the operating system, or the name of a key, by which it was done.
  actor text not null,
  -- A verb and what it was done to: `queue.pause`, `failed.retry`.
  action text not null,
  subject text not null,
  details jsonb not null default '{}'
);
create index audit_log_at on headworks.audit_log (at);

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
