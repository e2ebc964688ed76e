-- Failed tasks by what they have in common: the fingerprint of their error.

alter table headworks.tasks
  add column fingerprint text check (fingerprint ~ '^[0-9a-f]{16}$'),
  add column first_failed_at timestamptz,
  add column failed_at timestamptz;
create index tasks_failed on headworks.tasks (fingerprint, id) where state = 'failed';

-- One row for every fingerprint that a task has failed with, and what people said of it.
create table headworks.failures (
  fingerprint text primary key check (fingerprint ~ '^[0-9a-f]{16}$'),
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
  check ((state = 'resolved') = (resolved_at is not null)),
  check (resolved_version is null or state = 'resolved'),
  check ((state = 'ignored') = (ignored_until is not null))
) with (fillfactor = 70);
