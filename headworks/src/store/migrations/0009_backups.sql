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
