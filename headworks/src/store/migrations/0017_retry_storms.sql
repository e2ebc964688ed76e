-- What processors and sources start, and how much of it are retries, by the minute; every process adds its own. Kept for ten minutes.
create table headworks.retry_counts (
  kind text not null check (kind in ('processor', 'source')),
  name text not null,
  minute timestamptz not null,
  starts bigint not null,
  retries bigint not null,
  primary key (kind, name, minute)
) with (fillfactor = 50);

-- The storms that there are now.
create table headworks.retry_storms (
  kind text not null,
  name text not null,
  began_at timestamptz not null default now(),
  starts bigint not null,
  retries bigint not null,
  primary key (kind, name)
);
