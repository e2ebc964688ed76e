-- name: listFailedTasks :many
-- failed tasks that fit a filter, in order of id after this one
-- params: text, jsonb, int8, int8
-- returns: id int8, output_id int8, processor text, partition text, queue text, outcome text, reason text, error text, fingerprint text, failure_state text, first_failed_at timestamptz, failed_at timestamptz, attempts_used int4
select t.id, t.output_id, t.processor, t.partition, t.queue, t.last_outcome as outcome, t.last_reason as reason,
  t.last_error as error, t.fingerprint, f.state as failure_state, t.first_failed_at, t.failed_at, t.attempts_used
from headworks.failed_tasks($1, $2) t
left join headworks.failures f on f.namespace = t.namespace and f.fingerprint = t.fingerprint
where t.id > $3
order by t.id limit $4;

-- name: listFailures :many
-- failed tasks that fit a filter, those with one fingerprint together, what is open and of most tasks first, after the place where a page ended
-- params: text, jsonb, int4, int8, text, int8
-- returns: fingerprint text, state text, tasks int8, count int8, processors _text, processor text, partition text, outcome text, reason text, error text, first_failed_at timestamptz, failed_at timestamptz, note text, resolved_version text, ignored_until timestamptz, ignored_above int8
with grouped as (
  select fingerprint, count(*) as tasks, max(id) as latest, min(first_failed_at) as first_failed_at, max(failed_at) as failed_at,
    array_agg(distinct processor order by processor) as processors
  from headworks.failed_tasks($1, $2) group by fingerprint
), judged as (
  select g.*, f.count, f.note, f.resolved_version, f.ignored_until, f.ignored_above,
    case when f.state = 'ignored' and f.ignored_until <= clock_timestamp() then 'open' else coalesce(f.state, 'open') end as state
  from grouped g left join headworks.failures f on f.namespace = $1 and f.fingerprint = g.fingerprint
), placed as (
  select *, case when state = 'open' then 0 else 1 end as rank, coalesce(fingerprint, '') as name from judged
)
select g.fingerprint, g.state, g.tasks, coalesce(g.count, g.tasks) as count, g.processors, t.processor, t.partition, t.last_outcome as outcome,
  t.last_reason as reason, t.last_error as error, g.first_failed_at, g.failed_at, g.note, g.resolved_version, g.ignored_until,
  g.ignored_above
from placed g
join headworks.tasks t on t.id = g.latest
where $3::int4 is null or (g.rank, -g.tasks, g.name) > ($3, -$4::bigint, $5)
order by g.rank, g.tasks desc, g.name limit $6;

-- name: countFailedTasks :one
-- how many failed tasks fit a filter, up to this id, and the newest of them
-- params: text, jsonb, int8
-- returns: tasks int8, newest_id int8
select count(*) as tasks, coalesce(max(id), 0) as newest_id from headworks.failed_tasks($1, $2)
where $3::bigint is null or id <= $3;

-- name: retryFailedTasks :many
-- failed → ready: of these outputs, whose rows the caller has locked, those whose task is failed; as if each was asked for by hand
-- params: _int8
-- returns: output_id int8
with retried as (
  update headworks.tasks t
  set state = 'ready', due_at = clock_timestamp(), forced = false, from_archive = false, attempts_used = 0, deaths_alone = 0,
    rerun = (select o.status = 'complete' from headworks.outputs o where o.id = t.output_id),
    alone = false, waiting_since = null, first_claimed_at = null, expires_at = null, waits_for = null, traceparent = null
  from unnest($1::bigint[]) as locked (id)
  where t.output_id = any (array[locked.id]) and case when t.state = 'failed' then true end
  returning t.output_id
), reopened as (
  update headworks.outputs o set status = 'expected'
  from retried where o.id = any (array[retried.output_id]) and o.status in ('failed', 'waived')
)
select output_id from retried;

-- name: findFailures :many
-- failures of a namespace whose fingerprint begins so
-- params: text, int8, text
-- returns: fingerprint text, state text
select fingerprint, state from headworks.failures where namespace = $3 and starts_with(fingerprint, $1) order by fingerprint limit $2;

-- name: resolveFailure :exec
-- what is in one of these states is resolved; what fails in the given version, if one is given, doesn't reopen it
-- params: text, _text, text, text, text
update headworks.failures
set state = 'resolved', resolved_at = clock_timestamp(), resolved_version = $3, note = $4, ignored_until = null, ignored_above = null
where namespace = $5 and fingerprint = $1 and state = any ($2::text[]);

-- name: ignoreFailure :exec
-- what is in one of these states is ignored until then, or until more than so many tasks fail with it in an hour
-- params: text, _text, timestamptz, int8, text, text
update headworks.failures
set state = 'ignored', ignored_until = $3, ignored_above = $4, hour_at = clock_timestamp(), hour_count = 0, note = coalesce($5, note)
where namespace = $6 and fingerprint = $1 and state = any ($2::text[]);
