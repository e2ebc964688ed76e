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

-- A failure may be ignored for as long as no more than so many tasks fail with it within an hour.
alter table headworks.failures
  add column ignored_above bigint check (ignored_above > 0),
  -- The hour in which it is counted, and how often it failed in it.
  add column hour_at timestamptz,
  add column hour_count bigint not null default 0;

do $$
declare
  old text;
begin
  select conname into strict old from pg_constraint
  where conrelid = 'headworks.failures'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%ignored_until IS NOT NULL%';
  execute format('alter table headworks.failures drop constraint %I', old);
end $$;
alter table headworks.failures
  add check ((state = 'ignored') = (ignored_until is not null or ignored_above is not null));

-- The failed tasks that fit a filter, which is an object of texts; what is left out fits everything, and a fingerprint fits by its beginning.
create function headworks.failed_tasks(namespace text, filter jsonb) returns setof headworks.tasks language sql stable as $$
  select t.*
  from headworks.tasks t
  join headworks.processors p on p.name = t.processor
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
