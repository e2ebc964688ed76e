-- Retention: what runs leave behind is divided by weeks, so that what is old is dropped whole, not deleted row by row.

-- The week of a partition begins on a Monday, at midnight UTC. What the default partition holds of it moves there.
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

-- A line that is stored twice has the same instant both times.
alter table headworks.run_logs rename to run_logs_before;
alter table headworks.run_logs_before drop constraint run_logs_pkey;
drop index headworks.run_logs_at;
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

alter table headworks.run_metrics rename to run_metrics_before;
drop index headworks.run_metrics_run, headworks.run_metrics_name;
create table headworks.run_metrics (
  run_id uuid not null,
  name text not null,
  labels jsonb not null,
  value double precision not null,
  at timestamptz not null default now()
) partition by range (at);
create index run_metrics_run on headworks.run_metrics (run_id);
create index run_metrics_name on headworks.run_metrics (name, at);

alter table headworks.rejected_rows rename to rejected_rows_before;
alter table headworks.rejected_rows_before drop constraint rejected_rows_pkey;
alter table headworks.rejected_rows_before alter column id drop identity;
drop index headworks.rejected_rows_run;
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

-- For rows of a clock that is off: no insert ever fails for want of a partition.
create table headworks.run_logs_default partition of headworks.run_logs default;
create table headworks.run_metrics_default partition of headworks.run_metrics default;
create table headworks.rejected_rows_default partition of headworks.rejected_rows default;
-- By age, for the rows that are deleted one by one.
create index run_metrics_default_at on headworks.run_metrics_default (at);
create index rejected_rows_default_at on headworks.rejected_rows_default (at);

-- What is there moves over: a partition for each of the last weeks and for the next two, the rest by default.
do $$
declare
  parent text;
  week date;
  oldest timestamptz;
begin
  foreach parent in array array['run_logs', 'run_metrics', 'rejected_rows'] loop
    execute format('select min(at) from headworks.%I', parent || '_before') into oldest;
    week := greatest(date_trunc('week', least(oldest, now()) at time zone 'UTC'),
      date_trunc('week', now() at time zone 'UTC') - interval '52 weeks')::date;
    while week <= (now() at time zone 'UTC' + interval '14 days')::date loop
      perform headworks.make_week(parent, week);
      week := week + 7;
    end loop;
  end loop;
end $$;
insert into headworks.run_logs (run_id, seq, at, severity, message, fields)
  select run_id, seq, at, severity, message, fields from headworks.run_logs_before;
insert into headworks.run_metrics (run_id, name, labels, value, at)
  select run_id, name, labels, value, at from headworks.run_metrics_before;
insert into headworks.rejected_rows (id, run_id, dataset, row, error, at) overriding system value
  select id, run_id, dataset, row, error, at from headworks.rejected_rows_before;
select setval(pg_get_serial_sequence('headworks.rejected_rows', 'id'),
  coalesce((select max(id) from headworks.rejected_rows_before), 0) + 1, false);
drop table headworks.run_logs_before, headworks.run_metrics_before, headworks.rejected_rows_before;
