-- from ../../domain/dispatch/breaker.ts: BreakerKind
-- type Storm: kind text<BreakerKind>, name text, began_at timestamptz, starts int8, retries int8
-- type StartedLately: namespace text, kind text<BreakerKind>, name text, starts int8, retries int8, is_storm bool

-- name: addRetryCounts :exec
-- what this process has started since it said so last
-- params: kind text<BreakerKind>[], name text[], starts int8[], retries int8[], namespace text
insert into headworks.retry_counts as c (namespace, kind, name, minute, starts, retries)
select $namespace, kind, name, date_trunc('minute', clock_timestamp()), starts, retries
from unnest($kind::text[], $name::text[], $starts::bigint[], $retries::bigint[]) as told (kind, name, starts, retries)
order by kind, name
on conflict (namespace, kind, name, minute) do update set starts = c.starts + excluded.starts, retries = c.retries + excluded.retries;

-- name: listStorms :many
-- the storms that there are now in a namespace
-- params: namespace text
-- returns: Storm
select kind, name, began_at, starts, retries from headworks.retry_storms where namespace = $namespace order by kind, name;

-- name: lockStorms :one
-- lets one process at a time decide; forgets counts that are too old to matter
-- params: window_ms float8
-- returns: locked bool
with gone as (
  delete from headworks.retry_counts
  where minute < (select clock_timestamp()) - make_interval(secs => 2 * $window_ms::double precision / 1000)
)
select pg_try_advisory_xact_lock(4861379547) as locked;

-- name: sumRetryCounts :many
-- what was started within so many milliseconds, where there was a retry or is a storm
-- params: window_ms float8
-- returns: StartedLately
select coalesce(c.namespace, s.namespace) as namespace, coalesce(c.kind, s.kind) as kind, coalesce(c.name, s.name) as name, coalesce(c.starts, 0) as starts,
  coalesce(c.retries, 0) as retries, s.name is not null as is_storm
from (
  select namespace, kind, name, sum(starts)::bigint as starts, sum(retries)::bigint as retries
  from headworks.retry_counts
  where minute >= (select clock_timestamp()) - make_interval(secs => $window_ms::double precision / 1000)
  group by namespace, kind, name having sum(retries) > 0
) as c
full join headworks.retry_storms s on s.namespace = c.namespace and s.kind = c.kind and s.name = c.name
order by 1, 2, 3;

-- name: beginStorm :exec
-- from now on there is a storm
-- params: namespace text, kind text<BreakerKind>, name text, starts int8, retries int8
insert into headworks.retry_storms (namespace, kind, name, starts, retries) values ($namespace, $kind, $name, $starts, $retries) on conflict do nothing;

-- name: endStorm :exec
-- it is over
-- params: namespace text, kind text<BreakerKind>, name text
delete from headworks.retry_storms where namespace = $namespace and kind = $kind and name = $name;
