-- type DutyFailure (`since` when it fails, and when it last said so): duty text, host text, since timestamptz,
--   failed_at timestamptz, error text, hint text?

-- name: recordDutyFailure :one
-- a duty fails on a host: since when, and with what last; first tells whether it had worked before
-- params: duty text, host text, error text, hint text?
-- returns: first bool
insert into headworks.duty_failures (duty, host, error, hint) values ($duty, $host, $error, $hint)
on conflict (duty, host) do update
set error = excluded.error, hint = excluded.hint, failed_at = clock_timestamp()
returning since = failed_at as first;

-- name: forgetDutyFailure :maybe
-- a duty works again on a host
-- params: duty text, host text
-- returns: since timestamptz
delete from headworks.duty_failures where duty = $duty and host = $host returning since;

-- name: listDutyFailures :many
-- the duties that fail, the longest failing first
-- returns: DutyFailure
select duty, host, since, failed_at, error, hint from headworks.duty_failures order by since, duty, host;

-- name: forgetGoneHosts :exec
-- a host whose duty failed tells so once an hour: one that has been silent for a day is gone
delete from headworks.duty_failures where failed_at < clock_timestamp() - interval '1 day';
