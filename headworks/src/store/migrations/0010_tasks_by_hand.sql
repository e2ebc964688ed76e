-- For how long a task has been tried, and what a person asked of it: a priority, a time by which to begin, and only once.

alter table headworks.tasks
  -- Of the first attempt that didn't end it; the time for retries counts from there.
  add column first_claimed_at timestamptz,
  -- A priority that was set by hand stays when the configuration is registered anew.
  add column priority_by_hand boolean not null default false,
  -- A task that hasn't begun by then fails.
  add column expires_at timestamptz;
create index tasks_expiring on headworks.tasks (expires_at)
  where expires_at is not null and first_claimed_at is null and state in ('scheduled', 'ready', 'waiting');

-- What was added under a key isn't added again while the key is remembered.
create table headworks.dedupe_keys (
  key text primary key,
  added_at timestamptz not null default clock_timestamp()
);
create index dedupe_keys_added_at on headworks.dedupe_keys (added_at);
