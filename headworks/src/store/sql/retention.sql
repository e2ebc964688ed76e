-- name: lockRetention :one
-- one process at a time, until the end of its transaction; nobody waits long for a table that is in use
-- params:
-- returns: locked bool, lock_timeout text
select pg_try_advisory_xact_lock(4861379546) as locked, set_config('lock_timeout', '2s', true) as lock_timeout;

-- name: listTimePartitions :many
-- the partitions of a table that is divided by time, but for the default one; sizes with their indexes; and what time it is
-- params: text
-- returns: name text, from timestamptz, to timestamptz, bytes int8, now timestamptz
with partitions as (
  select c.oid, c.relname::text as name, pg_get_expr(c.relpartbound, c.oid) as bounds
  from pg_catalog.pg_class p
  join pg_catalog.pg_inherits i on i.inhparent = p.oid
  join pg_catalog.pg_class c on c.oid = i.inhrelid
  where p.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'headworks') and p.relname = $1::text
)
select name, substring(bounds from 'FROM \(''([^'']*)''\)')::timestamptz as from,
  substring(bounds from 'TO \(''([^'']*)''\)')::timestamptz as to, pg_total_relation_size(oid) as bytes,
  clock_timestamp() as now
from partitions where bounds <> 'DEFAULT'
order by name;

-- name: makeWeek :exec
-- a partition of a table for one week, with what the default one holds of it
-- params: text, date
select headworks.make_week($1, $2);

-- name: dropWeek :exec
-- a partition of a table, with all that it holds
-- params: text, text
select headworks.drop_week($1, $2);

-- name: deleteStrayLogs :exec
-- lines in the default partition that are older than so many milliseconds, at most as many as said
-- params: int8, int8
delete from headworks.run_logs_default where ctid = any (array(
  select ctid from headworks.run_logs_default
  where at < clock_timestamp() - make_interval(secs => $1::bigint / 1000.0) order by at limit $2));

-- name: deleteStrayMetrics :exec
-- measurements in the default partition that are older than so many milliseconds, at most as many as said
-- params: int8, int8
delete from headworks.run_metrics_default where ctid = any (array(
  select ctid from headworks.run_metrics_default
  where at < clock_timestamp() - make_interval(secs => $1::bigint / 1000.0) order by at limit $2));

-- name: deleteStrayRejectedRows :exec
-- rejected rows in the default partition that are older than so many milliseconds, at most as many as said
-- params: int8, int8
delete from headworks.rejected_rows_default where ctid = any (array(
  select ctid from headworks.rejected_rows_default
  where at < clock_timestamp() - make_interval(secs => $1::bigint / 1000.0) order by at limit $2));

-- name: deleteOldEvents :exec
-- events, older than so many milliseconds, at most as many as said
-- params: int8, int8
delete from headworks.events where id = any (array(
  select id from headworks.events
  where at < clock_timestamp() - make_interval(secs => $1::bigint / 1000.0) order by at limit $2));

-- name: deleteOldAuditRows :exec
-- what people did, older than so many milliseconds, at most as many as said
-- params: int8, int8
delete from headworks.audit_log where id = any (array(
  select id from headworks.audit_log
  where at < clock_timestamp() - make_interval(secs => $1::bigint / 1000.0) order by at limit $2));

-- name: countOldRows :many
-- what would be deleted row by row, for the ages in milliseconds of logs, metrics, rejected rows, events and the audit log
-- params: _int8
-- returns: table text, rows int8
with cutoffs as (
  select array_agg(clock_timestamp() - make_interval(secs => age / 1000.0) order by place) as at
  from unnest($1::bigint[]) with ordinality as ages (age, place)
)
select 'run_logs' as table, count(*) as rows from headworks.run_logs_default, cutoffs c where run_logs_default.at < c.at[1]
union all select 'run_metrics', count(*) from headworks.run_metrics_default, cutoffs c where run_metrics_default.at < c.at[2]
union all select 'rejected_rows', count(*) from headworks.rejected_rows_default, cutoffs c where rejected_rows_default.at < c.at[3]
union all select 'events', count(*) from headworks.events, cutoffs c where events.at < c.at[4]
union all select 'audit_log', count(*) from headworks.audit_log, cutoffs c where audit_log.at < c.at[5];

-- name: deleteOldRuns :one
-- of the next so many runs after this one, those older than the milliseconds for successes and for all others; the last of an output, that which made its rows, and those of a task that is still there stay, a failed one until its failure is resolved
-- params: uuid, int8, int8, int8
-- returns: last_id uuid, looked int8, deleted int8
with next as materialized (
  -- Ids tell the time at which a run was claimed: it ended later.
  select id from headworks.runs
  where id > $1 and id < (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint - least($2::bigint, $3::bigint)), 12, '0') || repeat('0', 20))::uuid
  order by id limit $4
), deleted as (
  delete from headworks.runs r using next where r.id = next.id and r.ended_at < clock_timestamp() - make_interval(secs => (case when r.outcome = 'success' then $2 else $3 end) / 1000.0)
  and not exists (select from headworks.tasks t where t.id = r.task_id and not (t.state = 'failed' and exists (
    select from headworks.failures f where f.fingerprint = t.fingerprint and f.state = 'resolved')))
  and not exists (select from headworks.outputs o where o.id = r.output_id and r.id in (o.run_id, o.changed_by))
  returning r.id
)
select (select id from next order by id desc limit 1) as last_id, (select count(*) from next) as looked,
  (select count(*) from deleted) as deleted;

-- name: countOldRuns :one
-- runs that would go, by the milliseconds for successes and for all others
-- params: int8, int8
-- returns: rows int8
select count(*) as rows from headworks.runs r
where r.id < (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint - least($1::bigint, $2::bigint)), 12, '0') || repeat('0', 20))::uuid
  and r.ended_at < clock_timestamp() - make_interval(secs => (case when r.outcome = 'success' then $1 else $2 end) / 1000.0)
  and not exists (select from headworks.tasks t where t.id = r.task_id and not (t.state = 'failed' and exists (
    select from headworks.failures f where f.fingerprint = t.fingerprint and f.state = 'resolved')))
  and not exists (select from headworks.outputs o where o.id = r.output_id and r.id in (o.run_id, o.changed_by));
