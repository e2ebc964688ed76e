-- name: listFailedTasks :many
-- failed tasks that fit a filter, in order of id after this one; a fingerprint fits by its beginning
-- params: text, text, text, text, text, text, text, timestamptz, timestamptz, text, text, int8, int8
-- returns: id int8, output_id int8, processor text, partition text, queue text, outcome text, reason text, error text, fingerprint text, failure_state text, first_failed_at timestamptz, failed_at timestamptz, attempts_used int4
select t.id, t.output_id, t.processor, t.partition, t.queue, t.last_outcome as outcome, t.last_reason as reason,
  t.last_error as error, t.fingerprint, f.state as failure_state, t.first_failed_at, t.failed_at, t.attempts_used
from headworks.tasks t
join headworks.processors p on p.name = t.processor
left join headworks.failures f on f.fingerprint = t.fingerprint
where t.state = 'failed' and t.namespace = $1
  and ($2::text is null or p.pipeline = $2)
  and ($3::text is null or p.phase = $3)
  and ($4::text is null or t.processor = $4)
  and ($5::text is null or t.queue = $5)
  and ($6::text is null or t.last_outcome = $6)
  and ($7::text is null or starts_with(t.fingerprint, $7))
  and ($8::timestamptz is null or t.failed_at >= $8)
  and ($9::timestamptz is null or t.failed_at < $9)
  and ($10::text is null or strpos(lower(t.last_error), lower($10)) > 0)
  and ($11::text is null or t.partition = $11)
  and t.id > $12
order by t.id limit $13;

-- name: listFailures :many
-- failed tasks that fit a filter, those with one fingerprint together, what is open and of most tasks first
-- params: text, text, text, text, text, text, text, timestamptz, timestamptz, text, text, int8
-- returns: fingerprint text, state text, tasks int8, count int8, processors _text, processor text, partition text, outcome text, reason text, error text, first_failed_at timestamptz, failed_at timestamptz, note text, resolved_version text, ignored_until timestamptz
with fitting as (
  select t.*
  from headworks.tasks t
  join headworks.processors p on p.name = t.processor
  where t.state = 'failed' and t.namespace = $1
    and ($2::text is null or p.pipeline = $2)
    and ($3::text is null or p.phase = $3)
    and ($4::text is null or t.processor = $4)
    and ($5::text is null or t.queue = $5)
    and ($6::text is null or t.last_outcome = $6)
    and ($7::text is null or starts_with(t.fingerprint, $7))
    and ($8::timestamptz is null or t.failed_at >= $8)
    and ($9::timestamptz is null or t.failed_at < $9)
    and ($10::text is null or strpos(lower(t.last_error), lower($10)) > 0)
    and ($11::text is null or t.partition = $11)
), grouped as (
  select fingerprint, count(*) as tasks, max(id) as latest, min(first_failed_at) as first_failed_at, max(failed_at) as failed_at,
    array_agg(distinct processor order by processor) as processors
  from fitting group by fingerprint
)
select g.fingerprint, case when f.state = 'ignored' and f.ignored_until <= clock_timestamp() then 'open' else coalesce(f.state, 'open') end as state,
  g.tasks, coalesce(f.count, g.tasks) as count, g.processors, t.processor, t.partition, t.last_outcome as outcome,
  t.last_reason as reason, t.last_error as error, g.first_failed_at, g.failed_at, f.note, f.resolved_version, f.ignored_until
from grouped g
join headworks.tasks t on t.id = g.latest
left join headworks.failures f on f.fingerprint = g.fingerprint
order by case when f.state is null or f.state = 'open' then 0 else 1 end, g.tasks desc, g.fingerprint limit $12;

-- name: countFailedTasks :one
-- how many failed tasks fit a filter, and the newest of them
-- params: text, text, text, text, text, text, text, timestamptz, timestamptz, text, text
-- returns: tasks int8, newest_id int8
select count(*) as tasks, coalesce(max(t.id), 0) as newest_id
from headworks.tasks t
join headworks.processors p on p.name = t.processor
where t.state = 'failed' and t.namespace = $1
  and ($2::text is null or p.pipeline = $2)
  and ($3::text is null or p.phase = $3)
  and ($4::text is null or t.processor = $4)
  and ($5::text is null or t.queue = $5)
  and ($6::text is null or t.last_outcome = $6)
  and ($7::text is null or starts_with(t.fingerprint, $7))
  and ($8::timestamptz is null or t.failed_at >= $8)
  and ($9::timestamptz is null or t.failed_at < $9)
  and ($10::text is null or strpos(lower(t.last_error), lower($10)) > 0)
  and ($11::text is null or t.partition = $11);

-- name: retryFailedTasks :many
-- failed → ready: of these outputs, whose rows the caller has locked, those whose task is failed; as if each was asked for by hand
-- params: _int8
-- returns: output_id int8
with retried as (
  update headworks.tasks t
  set state = 'ready', due_at = clock_timestamp(), forced = false, from_archive = false, attempts_used = 0, deaths_alone = 0,
    rerun = (select o.status = 'complete' from headworks.outputs o where o.id = t.output_id),
    alone = false, waiting_since = null, first_claimed_at = null, expires_at = null, waits_for = null, traceparent = null
  where t.output_id = any ($1::bigint[]) and t.state = 'failed'
  returning t.output_id
), reopened as (
  update headworks.outputs o set status = 'expected'
  from retried where o.id = retried.output_id and o.status in ('failed', 'waived')
)
select output_id from retried;

-- name: findFailures :many
-- failures whose fingerprint begins so
-- params: text, int8
-- returns: fingerprint text, state text
select fingerprint, state from headworks.failures where starts_with(fingerprint, $1) order by fingerprint limit $2;

-- name: resolveFailure :exec
-- what is in one of these states is resolved; what fails in the given version, if one is given, doesn't reopen it
-- params: text, _text, text, text
update headworks.failures
set state = 'resolved', resolved_at = clock_timestamp(), resolved_version = $3, note = $4, ignored_until = null
where fingerprint = $1 and state = any ($2::text[]);

-- name: ignoreFailure :exec
-- what is in one of these states is ignored until then
-- params: text, _text, timestamptz, text
update headworks.failures set state = 'ignored', ignored_until = $3, note = coalesce($4, note)
where fingerprint = $1 and state = any ($2::text[]);
