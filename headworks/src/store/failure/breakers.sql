-- from ../../domain/dispatch/breaker.ts: BreakerKind, BreakerState
-- type ReadBreaker: kind text<BreakerKind>, name text, state text<BreakerState>, version int8, failures_in_row int8,
--   window_at int8?, window_successes int8, window_failures int8, opened_at int8?, retry_at int8?, probe_until int8?,
--   reason text?, now int8
-- type BreakerRow: kind text<BreakerKind>, name text, state text<BreakerState>, failures_in_row int8,
--   opened_at timestamptz?, retry_at timestamptz?, probe_until timestamptz?, reason text?

-- name: createBreakers :exec
-- the rows of breakers that are used for the first time in a namespace
-- params: namespace text, kind text<BreakerKind>[], name text[]
insert into headworks.breakers (namespace, kind, name)
select $namespace, kind, name from unnest($kind::text[], $name::text[]) as used (kind, name)
on conflict do nothing;

-- name: readBreakers :many
-- the named breakers of a namespace with the database's clock; instants in epoch milliseconds
-- params: namespace text, kind text<BreakerKind>[], name text[]
-- returns: ReadBreaker
select b.kind, b.name, b.state, b.version, b.failures_in_row,
  round(extract(epoch from b.window_at) * 1000)::int8 as window_at, b.window_successes, b.window_failures,
  round(extract(epoch from b.opened_at) * 1000)::int8 as opened_at,
  round(extract(epoch from b.retry_at) * 1000)::int8 as retry_at,
  round(extract(epoch from b.probe_until) * 1000)::int8 as probe_until, b.reason,
  floor(extract(epoch from clock_timestamp()) * 1000)::int8 as now
from unnest($kind::text[], $name::text[]) as used (kind, name)
join headworks.breakers b on b.namespace = $namespace and b.kind = used.kind and b.name = used.name;

-- name: saveBreakers :many
-- changes those of a namespace's breakers that nobody has changed since they were read
-- params: namespace text, kind text<BreakerKind>[], name text[], version int8[], state text<BreakerState>[],
--   failures_in_row int8[], window_at int8?[], window_successes int8[], window_failures int8[], opened_at int8?[],
--   retry_at int8?[], probe_until int8?[], reason text?[]
-- returns: kind text<BreakerKind>, name text
update headworks.breakers b
set state = n.state, version = b.version + 1, failures_in_row = n.failures_in_row,
  window_at = to_timestamp(n.window_at / 1000.0), window_successes = n.window_successes, window_failures = n.window_failures,
  opened_at = to_timestamp(n.opened_at / 1000.0), retry_at = to_timestamp(n.retry_at / 1000.0),
  probe_until = to_timestamp(n.probe_until / 1000.0), reason = n.reason
from (
  -- Locked in one order, so that two who change several never wait for each other.
  select u.*
  from unnest($kind::text[], $name::text[], $version::int8[], $state::text[], $failures_in_row::int8[], $window_at::int8[], $window_successes::int8[], $window_failures::int8[], $opened_at::int8[],
    $retry_at::int8[], $probe_until::int8[], $reason::text[])
    as u (kind, name, version, state, failures_in_row, window_at, window_successes, window_failures, opened_at,
      retry_at, probe_until, reason)
  join headworks.breakers l on l.namespace = $namespace and l.kind = u.kind and l.name = u.name
  order by l.kind, l.name for update of l
) as n
where b.namespace = $namespace and b.kind = n.kind and b.name = n.name and b.version = n.version
returning b.kind, b.name;

-- name: listBreakers :many
-- every breaker that was ever used in a namespace, open ones first
-- params: namespace text
-- returns: BreakerRow
select kind, name, state, failures_in_row, opened_at, retry_at, probe_until, reason
from headworks.breakers where namespace = $namespace order by state = 'closed', kind, name;

-- name: resetBreaker :one
-- a breaker is closed by hand; tells what it was
-- params: namespace text, kind text<BreakerKind>, name text
-- returns: kind text<BreakerKind>, name text, was text<BreakerState>
with found as (
  select namespace, kind, name, state from headworks.breakers where namespace = $namespace and kind = $kind and name = $name for update
)
update headworks.breakers b
set state = 'closed', version = b.version + 1, failures_in_row = 0, window_at = null, window_successes = 0, window_failures = 0,
  opened_at = null, retry_at = null, probe_until = null, reason = null
from found where b.namespace = found.namespace and b.kind = found.kind and b.name = found.name
returning b.kind, b.name, found.state as was;
