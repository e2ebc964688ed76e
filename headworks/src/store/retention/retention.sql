-- name: lockRetention :one
-- one process at a time, until the end of its transaction; nobody waits long for a table that is in use
-- returns: locked bool, lock_timeout text
select pg_try_advisory_xact_lock(4861379546) as locked, set_config('lock_timeout', '2s', true) as lock_timeout;

-- name: listTimePartitions :many
-- the partitions of a table that is divided by time, but for the default one; sizes with their indexes; and what time it is
-- params: table text
-- returns: name text, from timestamptz, to timestamptz, bytes int8, now timestamptz
with partitions as (
  select c.oid, c.relname::text as name, pg_get_expr(c.relpartbound, c.oid) as bounds
  from pg_catalog.pg_class p
  join pg_catalog.pg_inherits i on i.inhparent = p.oid
  join pg_catalog.pg_class c on c.oid = i.inhrelid
  where p.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'headworks') and p.relname = $table::text
)
select name, substring(bounds from 'FROM \(''([^'']*)''\)')::timestamptz as from,
  substring(bounds from 'TO \(''([^'']*)''\)')::timestamptz as to, pg_total_relation_size(oid) as bytes,
  clock_timestamp() as now
from partitions where bounds <> 'DEFAULT'
order by name;

-- name: makeWeek :exec
-- a partition of a table for one week, with what the default one holds of it
-- params: table text, week date
select headworks.make_week($table, $week);

-- name: dropWeek :exec
-- a partition of a table, with all that it holds
-- params: table text, name text
select headworks.drop_week($table, $name);

-- name: deleteStrayLogs :exec
-- lines in the default partition that are older than so many milliseconds, at most as many as said
-- params: keep_ms int8, limit int8
delete from headworks.run_logs_default where ctid = any (array(
  select ctid from headworks.run_logs_default
  where at < (select clock_timestamp()) - make_interval(secs => $keep_ms::bigint / 1000.0) order by at limit $limit));

-- name: deleteStrayMetrics :exec
-- measurements in the default partition that are older than so many milliseconds, at most as many as said
-- params: keep_ms int8, limit int8
delete from headworks.run_metrics_default where ctid = any (array(
  select ctid from headworks.run_metrics_default
  where at < (select clock_timestamp()) - make_interval(secs => $keep_ms::bigint / 1000.0) order by at limit $limit));

-- name: deleteStrayRejectedRows :exec
-- rejected rows in the default partition that are older than so many milliseconds, at most as many as said
-- params: keep_ms int8, limit int8
delete from headworks.rejected_rows_default where ctid = any (array(
  select ctid from headworks.rejected_rows_default
  where at < (select clock_timestamp()) - make_interval(secs => $keep_ms::bigint / 1000.0) order by at limit $limit));

-- name: deleteOldEvents :exec
-- events, older than so many milliseconds, at most as many as said
-- params: keep_ms int8, limit int8
delete from headworks.events where id = any (array(
  select id from headworks.events
  where at < (select clock_timestamp()) - make_interval(secs => $keep_ms::bigint / 1000.0) order by at limit $limit));

-- name: deleteOldAuditRows :exec
-- what people did, older than so many milliseconds, at most as many as said
-- params: keep_ms int8, limit int8
delete from headworks.audit_log where id = any (array(
  select id from headworks.audit_log
  where at < (select clock_timestamp()) - make_interval(secs => $keep_ms::bigint / 1000.0) order by at limit $limit));

-- name: deleteResolvedTasks :exec
-- failed tasks whose failure is resolved, and which failed more than so many milliseconds ago, at most as many as said
-- params: keep_ms int8, limit int8
delete from headworks.tasks where id = any (array(
  select old.id from headworks.failures f
  cross join lateral (
    select id from headworks.tasks t
    where t.fingerprint = f.fingerprint and t.namespace = f.namespace and t.state = 'failed'
      and t.failed_at < clock_timestamp() - make_interval(secs => $keep_ms::bigint / 1000.0)
    order by t.id limit $limit for update skip locked) as old
  where f.state = 'resolved' limit $limit));

-- name: deleteOldFailures :exec
-- what no task fails with any more, and came last more than so many milliseconds ago, at most as many as said
-- params: keep_ms int8, limit int8
delete from headworks.failures where (namespace, fingerprint) in (
  select f.namespace, f.fingerprint from headworks.failures f
  where f.last_seen_at < clock_timestamp() - make_interval(secs => $keep_ms::bigint / 1000.0)
    and (select true from headworks.tasks t where t.fingerprint = f.fingerprint and t.namespace = f.namespace and t.state = 'failed' limit 1) is null
  limit $limit for update of f skip locked);

-- name: deleteOldRedrives :exec
-- redrives that ended more than so many milliseconds ago, at most as many as said
-- params: keep_ms int8, limit int8
delete from headworks.redrives where id = any (array(
  select id from headworks.redrives
  where ended_at < clock_timestamp() - make_interval(secs => $keep_ms::bigint / 1000.0) order by id limit $limit));

-- name: countOldRows :many
-- what would be deleted row by row, for the ages in milliseconds of logs, metrics, rejected rows, events, the audit log, failed tasks whose failure is resolved, failures that no task has, and redrives
-- params: keep_ms int8[]
-- returns: table text, rows int8
with cutoffs as (
  select array_agg(clock_timestamp() - make_interval(secs => age / 1000.0) order by place) as at
  from unnest($keep_ms::bigint[]) with ordinality as ages (age, place)
)
select 'run_logs' as table, count(*) as rows from headworks.run_logs_default, cutoffs c where run_logs_default.at < c.at[1]
union all select 'run_metrics', count(*) from headworks.run_metrics_default, cutoffs c where run_metrics_default.at < c.at[2]
union all select 'rejected_rows', count(*) from headworks.rejected_rows_default, cutoffs c where rejected_rows_default.at < c.at[3]
union all select 'events', count(*) from headworks.events, cutoffs c where events.at < c.at[4]
union all select 'audit_log', count(*) from headworks.audit_log, cutoffs c where audit_log.at < c.at[5]
union all select 'tasks', count(*) from headworks.tasks t, cutoffs c where t.state = 'failed' and t.failed_at < c.at[6]
  and exists (select from headworks.failures f where f.namespace = t.namespace and f.fingerprint = t.fingerprint and f.state = 'resolved')
union all select 'failures', count(*) from headworks.failures f, cutoffs c where f.last_seen_at < c.at[7]
  and not exists (select from headworks.tasks t where t.fingerprint = f.fingerprint and t.namespace = f.namespace and t.state = 'failed')
union all select 'redrives', count(*) from headworks.redrives r, cutoffs c where r.ended_at < c.at[8];

-- name: listRunWeeks :many
-- the weeks that runs are divided by, each with its two halves: those that succeeded, and the others
-- returns: week text, name text, successes bool, from timestamptz, to timestamptz, bytes int8
with weeks as (
  select c.oid, c.relname::text as name, regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \((.*)\) TO \((.*)\)') as bounds
  from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
  where i.inhparent = 'headworks.runs'::regclass
)
select w.name as week, h.relname::text as name, h.relname = w.name || '_success' as successes,
  headworks.instant_of(w.bounds[1]) as from, headworks.instant_of(w.bounds[2]) as to, pg_total_relation_size(h.oid) as bytes
from weeks w join pg_catalog.pg_inherits i on i.inhparent = w.oid join pg_catalog.pg_class h on h.oid = i.inhrelid
order by w.name, h.relname;

-- name: readRunWeeksStart :one
-- since when there may be weeks of runs, which is where the partition of all that is older ends; and what time it is
-- returns: since timestamptz, now timestamptz
select headworks.instant_of(bounds[2]) as since, clock_timestamp() as now
from pg_catalog.pg_class c,
  regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \((.*)\) TO \((.*)\)') as bounds
where c.oid = 'headworks.runs_before'::regclass;

-- name: makeRunWeek :exec
-- a partition of runs for one week, with what the default one holds of it
-- params: week date
select headworks.make_run_week($week);

-- name: dropRunSuccesses :exec
-- the runs of a week that succeeded
-- params: name text
select headworks.drop_run_successes($name);

-- name: dropRunWeek :exec
-- all runs of a week but those of tasks that are still there, which stay by default
-- params: name text
select headworks.drop_run_week($name);

-- name: deleteOldRuns :one
-- of the next so many runs after this one that are in no week, those older than the milliseconds for successes and for all others; those of a task that is still there stay, a failed one until its failure is resolved
-- params: after_id uuid, keep_successes_ms int8, keep_others_ms int8, limit int8
-- returns: last_id uuid?, looked int8, deleted int8
with next as materialized (
  select id, outcome, ended_at, task_id from (
    -- Ids tell the time at which a run was claimed: it ended later.
    (select id, outcome, ended_at, task_id from headworks.runs_before
    where id > $after_id and id < headworks.first_run_id(now() - make_interval(secs => least($keep_successes_ms::bigint, $keep_others_ms::bigint) / 1000.0))
    order by id limit $limit)
    union all
    (select id, outcome, ended_at, task_id from headworks.runs_default where id > $after_id order by id limit $limit)
  ) as r order by id limit $limit
), old as (
  select id, outcome from next r
  where r.ended_at < now() - make_interval(secs => (case when r.outcome = 'success' then $keep_successes_ms else $keep_others_ms end) / 1000.0)
  and (select true from headworks.tasks t where t.id = r.task_id and not (t.state = 'failed' and exists (
    select from headworks.failures f where f.namespace = t.namespace and f.fingerprint = t.fingerprint and f.state = 'resolved')) limit 1) is null
), deleted_before as (
  delete from headworks.runs_before r using old where r.id = any (array[old.id]) and r.outcome = any (array[old.outcome]) returning 1
), deleted_default as (
  delete from headworks.runs_default r using old where r.id = any (array[old.id]) and r.outcome = any (array[old.outcome]) returning 1
)
select (select id from next order by id desc limit 1) as last_id, (select count(*) from next) as looked,
  (select count(*) from deleted_before) + (select count(*) from deleted_default) as deleted;

-- name: countOldRuns :one
-- runs in no week that would go, by the milliseconds for successes and for all others
-- params: keep_successes_ms int8, keep_others_ms int8
-- returns: rows int8
select count(*) as rows from (
  select outcome, ended_at, task_id from headworks.runs_before
  union all select outcome, ended_at, task_id from headworks.runs_default
) as r
where r.ended_at < now() - make_interval(secs => (case when r.outcome = 'success' then $keep_successes_ms::bigint else $keep_others_ms::bigint end) / 1000.0)
  and not exists (select from headworks.tasks t where t.id = r.task_id and not (t.state = 'failed' and exists (
    select from headworks.failures f where f.namespace = t.namespace and f.fingerprint = t.fingerprint and f.state = 'resolved')));
