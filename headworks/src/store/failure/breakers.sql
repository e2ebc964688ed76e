-- name: createBreakers :exec
-- the rows of breakers that are used for the first time in a namespace
-- params: text, _text, _text
insert into headworks.breakers (namespace, kind, name)
select $1, kind, name from unnest($2::text[], $3::text[]) as used (kind, name)
on conflict do nothing;

-- name: readBreakers :many
-- the named breakers of a namespace with the database's clock; instants in epoch milliseconds
-- params: text, _text, _text
-- returns: kind text, name text, state text, version int8, failures_in_row int8, window_at int8, window_successes int8, window_failures int8, opened_at int8, retry_at int8, probe_until int8, reason text, now int8
select b.kind, b.name, b.state, b.version, b.failures_in_row,
  round(extract(epoch from b.window_at) * 1000)::int8 as window_at, b.window_successes, b.window_failures,
  round(extract(epoch from b.opened_at) * 1000)::int8 as opened_at,
  round(extract(epoch from b.retry_at) * 1000)::int8 as retry_at,
  round(extract(epoch from b.probe_until) * 1000)::int8 as probe_until, b.reason,
  floor(extract(epoch from clock_timestamp()) * 1000)::int8 as now
from unnest($2::text[], $3::text[]) as used (kind, name)
join headworks.breakers b on b.namespace = $1 and b.kind = used.kind and b.name = used.name;

-- name: saveBreakers :many
-- changes those of a namespace's breakers that nobody has changed since they were read
-- params: text, _text, _text, _int8, _text, _int8, _int8, _int8, _int8, _int8, _int8, _int8, _text
-- returns: kind text, name text
update headworks.breakers b
set state = n.state, version = b.version + 1, failures_in_row = n.failures_in_row,
  window_at = to_timestamp(n.window_at / 1000.0), window_successes = n.window_successes, window_failures = n.window_failures,
  opened_at = to_timestamp(n.opened_at / 1000.0), retry_at = to_timestamp(n.retry_at / 1000.0),
  probe_until = to_timestamp(n.probe_until / 1000.0), reason = n.reason
from (
  -- Locked in one order, so that two who change several never wait for each other.
  select u.*
  from unnest($2::text[], $3::text[], $4::int8[], $5::text[], $6::int8[], $7::int8[], $8::int8[], $9::int8[], $10::int8[],
    $11::int8[], $12::int8[], $13::text[])
    as u (kind, name, version, state, failures_in_row, window_at, window_successes, window_failures, opened_at,
      retry_at, probe_until, reason)
  join headworks.breakers l on l.namespace = $1 and l.kind = u.kind and l.name = u.name
  order by l.kind, l.name for update of l
) as n
where b.namespace = $1 and b.kind = n.kind and b.name = n.name and b.version = n.version
returning b.kind, b.name;

-- name: listBreakers :many
-- every breaker that was ever used in a namespace, open ones first
-- params: text
-- returns: kind text, name text, state text, failures_in_row int8, opened_at timestamptz, retry_at timestamptz, probe_until timestamptz, reason text
select kind, name, state, failures_in_row, opened_at, retry_at, probe_until, reason
from headworks.breakers where namespace = $1 order by state = 'closed', kind, name;

-- name: resetBreaker :many
-- a breaker is closed by hand; tells what it was
-- params: text, text, text
-- returns: kind text, name text, was text
with found as (
  select namespace, kind, name, state from headworks.breakers where namespace = $1 and kind = $2 and name = $3 for update
)
update headworks.breakers b
set state = 'closed', version = b.version + 1, failures_in_row = 0, window_at = null, window_successes = 0, window_failures = 0,
  opened_at = null, retry_at = null, probe_until = null, reason = null
from found where b.namespace = found.namespace and b.kind = found.kind and b.name = found.name
returning b.kind, b.name, found.state as was;
