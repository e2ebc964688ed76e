-- from ../../domain/settlement/failure.ts: FailureFilter, FailureState
-- from ../../domain/settlement/outcome.ts: Outcome
-- type FailedTask: id int8, output_id int8, processor text, partition text, queue text, outcome text<Outcome>!,
--   reason text?, error text?, fingerprint text?, failure_state text<FailureState>?, first_failed_at timestamptz?,
--   failed_at timestamptz?, attempts_used int4
-- type FailureListing: fingerprint text?, state text<FailureState>, tasks int8, count int8, processors text[],
--   processor text, partition text, outcome text<Outcome>!, reason text?, error text?, first_failed_at timestamptz?,
--   failed_at timestamptz?, note text?, resolved_version text?, ignored_until timestamptz?, ignored_above int8?

-- name: listFailedTasks :many
-- failed tasks that fit a filter, in order of id after this one
-- params: namespace text, filter jsonb<FailureFilter>, after_id int8, limit int8
-- returns: FailedTask
select t.id, t.output_id, t.processor, t.partition, t.queue, t.last_outcome as outcome, t.last_reason as reason,
  t.last_error as error, t.fingerprint, f.state as failure_state, t.first_failed_at, t.failed_at, t.attempts_used
from headworks.failed_tasks($namespace, $filter) t
left join headworks.failures f on f.namespace = t.namespace and f.fingerprint = t.fingerprint
where t.id > $after_id
order by t.id limit $limit;

-- name: listFailures :many
-- failed tasks that fit a filter, those with one fingerprint together, what is open and of most tasks first, after the place where a page ended
-- params: namespace text, filter jsonb<FailureFilter>, after_rank int4?, after_tasks int8?, after_name text?,
--   limit int8
-- returns: FailureListing
with grouped as (
  select fingerprint, count(*) as tasks, max(id) as latest, min(first_failed_at) as first_failed_at, max(failed_at) as failed_at,
    array_agg(distinct processor order by processor) as processors
  from headworks.failed_tasks($namespace, $filter) group by fingerprint
), judged as (
  select g.*, f.count, f.note, f.resolved_version, f.ignored_until, f.ignored_above,
    case when f.state = 'ignored' and f.ignored_until <= clock_timestamp() then 'open' else coalesce(f.state, 'open') end as state
  from grouped g left join headworks.failures f on f.namespace = $namespace and f.fingerprint = g.fingerprint
), placed as (
  select *, case when state = 'open' then 0 else 1 end as rank, coalesce(fingerprint, '') as name from judged
)
select g.fingerprint, g.state, g.tasks, coalesce(g.count, g.tasks) as count, g.processors, t.processor, t.partition, t.last_outcome as outcome,
  t.last_reason as reason, t.last_error as error, g.first_failed_at, g.failed_at, g.note, g.resolved_version, g.ignored_until,
  g.ignored_above
from placed g
join headworks.tasks t on t.id = g.latest
where $after_rank::int4 is null or (g.rank, -g.tasks, g.name) > ($after_rank, -$after_tasks::bigint, $after_name)
order by g.rank, g.tasks desc, g.name limit $limit;

-- name: countFailedTasks :one
-- how many failed tasks fit a filter, up to this id, and the newest of them
-- params: namespace text, filter jsonb<FailureFilter>, newest_id int8?
-- returns: tasks int8, newest_id int8
select count(*) as tasks, coalesce(max(id), 0) as newest_id from headworks.failed_tasks($namespace, $filter)
where $newest_id::bigint is null or id <= $newest_id;

-- name: retryFailedTasks :many
-- failed → ready: of these outputs, whose rows the caller has locked, those whose task is failed; as if each was asked for by hand
-- params: output_ids int8[]
-- returns: output_id int8
with retried as (
  update headworks.tasks t
  set state = 'ready', due_at = clock_timestamp(), forced = false, from_archive = false, attempts_used = 0, deaths_alone = 0,
    rerun = (select o.status = 'complete' from headworks.outputs o where o.id = t.output_id),
    alone = false, waiting_since = null, first_claimed_at = null, expires_at = null, waits_for = null, traceparent = null
  from unnest($output_ids::bigint[]) as locked (id)
  where t.output_id = any (array[locked.id]) and case when t.state = 'failed' then true end
  returning t.output_id
), reopened as (
  update headworks.outputs o set status = 'expected'
  from retried where o.id = any (array[retried.output_id]) and o.status in ('failed', 'waived')
)
select output_id from retried;

-- name: findFailures :many
-- failures of a namespace whose fingerprint begins so
-- params: prefix text, limit int8, namespace text
-- returns: fingerprint text, state text<FailureState>
select fingerprint, state from headworks.failures where namespace = $namespace and starts_with(fingerprint, $prefix) order by fingerprint limit $limit;

-- name: resolveFailure :exec
-- what is in one of these states is resolved; what fails in the given version, if one is given, doesn't reopen it
-- params: fingerprint text, from_states text<FailureState>[], version text?, note text?, namespace text
update headworks.failures
set state = 'resolved', resolved_at = clock_timestamp(), resolved_version = $version, note = $note, ignored_until = null, ignored_above = null
where namespace = $namespace and fingerprint = $fingerprint and state = any ($from_states::text[]);

-- name: ignoreFailure :exec
-- what is in one of these states is ignored until then, or until more than so many tasks fail with it in an hour
-- params: fingerprint text, from_states text<FailureState>[], until timestamptz?, above int8?, note text?,
--   namespace text
update headworks.failures
set state = 'ignored', ignored_until = $until, ignored_above = $above, hour_at = clock_timestamp(), hour_count = 0, note = coalesce($note, note)
where namespace = $namespace and fingerprint = $fingerprint and state = any ($from_states::text[]);
