-- name: recordDutyFailure :one
-- a duty fails on a host: since when, and with what last; first tells whether it had worked before
-- params: text, text, text, text
-- returns: first bool
insert into headworks.duty_failures (duty, host, error, hint) values ($1, $2, $3, $4)
on conflict (duty, host) do update
set error = excluded.error, hint = excluded.hint, failed_at = clock_timestamp()
returning since = failed_at as first;

-- name: forgetDutyFailure :one
-- a duty works again on a host
-- params: text, text
-- returns: since timestamptz
delete from headworks.duty_failures where duty = $1 and host = $2 returning since;

-- name: listDutyFailures :many
-- the duties that fail, the longest failing first
-- params:
-- returns: duty text, host text, since timestamptz, failed_at timestamptz, error text, hint text
select duty, host, since, failed_at, error, hint from headworks.duty_failures order by since, duty, host;

-- name: forgetGoneHosts :exec
-- a host whose duty failed tells so once an hour: one that has been silent for a day is gone
-- params:
delete from headworks.duty_failures where failed_at < clock_timestamp() - interval '1 day';
