-- The history of runs is divided by the week in which they were claimed, which their ids tell, then by whether they succeeded.

-- The first id of an instant: UUIDv7 begins with its milliseconds.
create function headworks.first_run_id(at timestamptz) returns uuid language sql immutable as $$
  select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- The instant of a bound, as the catalogue shows it: 'xxxxxxxx-xxxx-…'.
create function headworks.instant_of(bound text) returns timestamptz language sql immutable as $$
  select to_timestamp(('x' || left(translate(bound, '''-', ''), 12))::bit(48)::bigint / 1000.0)
$$;

-- What the default partition holds of the week moves there.
create function headworks.make_run_week(week date) returns void language plpgsql as $$
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
end $$;

-- Successes alone: the rest of the week stays. Locks that week, which nothing is written to any more.
create function headworks.drop_run_successes(week text) returns void language plpgsql as $$
begin
  execute format('alter table headworks.%I detach partition headworks.%I', week, week || '_success');
  execute format('drop table headworks.%I', week || '_success');
end $$;

-- The whole week. The runs of tasks that are still there are kept by default; those of a failed task until its failure is resolved.
create function headworks.drop_run_week(week text) returns void language plpgsql as $$
begin
  -- The only step that those who write runs would wait for.
  perform set_config('lock_timeout', '300ms', true);
  execute format('alter table headworks.runs detach partition headworks.%I', week);
  execute format('insert into headworks.runs_default select r.* from headworks.%I r
    join headworks.tasks t on t.id = r.task_id
    where not (t.state = ''failed'' and exists (
      select from headworks.failures f where f.fingerprint = t.fingerprint and f.state = ''resolved''))', week);
  execute format('drop table headworks.%I', week);
end $$;

-- The table that was becomes the partition of all that is older; its rows go one by one. Nothing is copied.
do $$
declare
  v_runs text := pg_get_viewdef('headworks.v_runs'::regclass);
  monday date := (date_trunc('week', now() at time zone 'UTC') + interval '7 days')::date;
  since uuid := headworks.first_run_id(monday::timestamp at time zone 'UTC');
  old record;
begin
  alter table headworks.runs rename to runs_before;
  if not exists (select from headworks.runs_before) then
    monday := monday - 7;
    since := headworks.first_run_id(monday::timestamp at time zone 'UTC');
  end if;
  create table headworks.runs (like headworks.runs_before including defaults including constraints) partition by range (id);
  alter table headworks.runs_before drop constraint runs_pkey;
  alter table headworks.runs_before add constraint runs_before_pkey primary key (id, outcome);
  alter table headworks.runs add constraint runs_pkey primary key (id, outcome);
  for old in select c.relname as name, pg_get_indexdef(i.indexrelid) as definition
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid = 'headworks.runs_before'::regclass and not i.indisprimary
  loop
    execute format('alter index headworks.%I rename to %I', old.name, old.name || '_before');
    execute replace(old.definition, ' ON headworks.runs_before ', ' ON headworks.runs ');
  end loop;
  create table headworks.runs_default partition of headworks.runs default;
  with moved as (delete from headworks.runs_before where id >= since returning *)
    insert into headworks.runs_default select * from moved;
  execute format('alter table headworks.runs attach partition headworks.runs_before for values from (minvalue) to (%L)', since);
  for week in 0..2 loop
    perform headworks.make_run_week(monday + 7 * week);
  end loop;
  execute 'create or replace view headworks.v_runs as ' || v_runs;
end $$;
