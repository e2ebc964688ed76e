-- Circuit breakers of sources and processors, shared by all processes. A row is made at a breaker's first use.

create table headworks.breakers (
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
  primary key (kind, name),
  check ((state = 'closed') = (opened_at is null)),
  check ((state = 'closed') = (reason is null)),
  check ((state = 'open') = (retry_at is not null)),
  check (state = 'half_open' or probe_until is null)
);
