-- from ../../domain/settlement/outcome.ts: Outcome
-- from ../../domain/settlement/run-record.ts: KeptError, Labels, Progress
-- from ../../domain/settlement/settle.ts: Voucher
-- from ../../domain/settlement/states.ts: LedgerStatus, TaskState
-- type RunRow: id uuid, task_id int8, output_id int8, namespace text, processor text, partition text, attempt int4,
--   attempt_used bool, outcome text<Outcome>, reason text?, fingerprint text?, worker_id uuid, code_version text, traceparent text?,
--   due_at timestamptz, claimed_at timestamptz, records int8, expected_min int8?, expected_max int8?,
--   rows_inserted int8, rows_updated int8, rows_unchanged int8, rows_removed int8, rows_rejected int8, requests int4,
--   logs_dropped int4, note text?, progress jsonb<Progress>?, error jsonb<KeptError>?, cpu_ms int8?, peak_memory_bytes int8?
-- type MetricRow: run_id uuid, name text, labels jsonb<Labels>, value float8
-- type RejectedRow: run_id uuid, dataset text, row jsonb, error text
-- type TaskMoveRow: task_id int8, state text<TaskState>, delay_ms float8, uses_attempt bool, died_alone bool,
--   alone bool, waits_for_processor text?, waits_for_partition text?, outcome text<Outcome>, reason text?, error text?,
--   fingerprint text
-- type ArtifactRow: namespace text, path text, temporary_name text, bytes int8, hash text, processor text,
--   partition text, run_id uuid
-- type WrittenOutput: id int8, status_before text<LedgerStatus>, reason_before text?, settled_before bool,
--   status text<LedgerStatus>, changed bool

-- name: lockClaimedTasks :many
-- the fence: of these attempts of a worker, those that still hold; locked until the settlement commits
-- params: worker uuid, id int8[], attempt int4[]
-- returns: id int8
with claimed as materialized (
  select * from unnest($id::bigint[], $attempt::integer[]) as claimed (id, attempt) order by id
)
select t.id
from claimed cross join lateral (
  select id from headworks.tasks t
  -- Who has a worker is running (a CHECK). Said again, it would make a plan that reads all that runs.
  where t.id = claimed.id and t.worker_id is not distinct from $worker and t.attempt = claimed.attempt
  for update) as t;

-- name: insertRuns :exec
-- the history of these runs; one that is there already was settled by a commit whose answer got lost, or was taken for dead
-- params: runs json<RunRow[]>
insert into headworks.runs (id, task_id, output_id, namespace, processor, partition, attempt, attempt_used, outcome, reason,
  worker_id, code_version, traceparent, due_at, claimed_at, ended_at, records, expected_min, expected_max,
  rows_inserted, rows_updated, rows_unchanged, rows_removed, rows_rejected, requests, logs_dropped, note, progress, error, cpu_ms, peak_memory_bytes,
  fingerprint)
select id, task_id, output_id, namespace, processor, partition, attempt, attempt_used, outcome, reason,
  worker_id, code_version, traceparent, due_at, claimed_at, clock_timestamp(), records, expected_min, expected_max,
  rows_inserted, rows_updated, rows_unchanged, rows_removed, rows_rejected, requests, logs_dropped, note, progress, error, cpu_ms, peak_memory_bytes,
  fingerprint
from json_populate_recordset(null::headworks.runs, $runs) as r
-- One that has settled has another outcome, and so another key.
where r.reason is distinct from 'lease_lost'
  or (select true from headworks.runs there where there.id = r.id and there.outcome <> r.outcome limit 1) is null
on conflict (id, outcome) do update set reason = excluded.reason, note = excluded.note, error = excluded.error,
  fingerprint = excluded.fingerprint
where runs.reason = 'crashed' and excluded.reason = 'lease_lost';

-- name: settleOnFastPath :many
-- the ledger, the fence, the end of the task and the history in one go, of runs that succeeded and left nothing but counts. One that is missing in the answer has lost its claim, and nothing of it is written
-- params: worker uuid, code_version text, task_id int8[], attempt int4[], output_id int8[], traceparent text?[],
--   records int8[], expected_min int8?[], expected_max int8?[], rows_inserted int8[], rows_updated int8[],
--   rows_unchanged int8[], rows_removed int8[], requests int4[], read_set text?[], cpu_ms int8?[],
--   peak_memory_bytes int8?[]
-- returns: WrittenOutput
with wanted as materialized (
  -- Arrays may be shorter, or empty where no run has anything: what is missing is null, and of counts 0.
  select q.output_id, q.task_id, q.attempt, q.traceparent, coalesce(q.records, 0) as records, q.expected_min, q.expected_max,
    coalesce(q.inserted, 0) as inserted, coalesce(q.updated, 0) as updated, coalesce(q.unchanged, 0) as unchanged,
    coalesce(q.removed, 0) as removed, coalesce(q.requests, 0) as requests, q.read_set, q.cpu_ms, q.peak_memory_bytes,
    coalesce(q.inserted, 0) + coalesce(q.updated, 0) + coalesce(q.removed, 0) > 0 as changed
  from unnest($output_id::bigint[], $task_id::bigint[], $attempt::integer[], $traceparent::text[], $records::bigint[],
      $expected_min::bigint[], $expected_max::bigint[], $rows_inserted::bigint[], $rows_updated::bigint[],
      $rows_unchanged::bigint[], $rows_removed::bigint[], $requests::integer[], $read_set::text[], $cpu_ms::bigint[],
      $peak_memory_bytes::bigint[])
    as q (output_id, task_id, attempt, traceparent, records, expected_min, expected_max, inserted, updated, unchanged, removed,
      requests, read_set, cpu_ms, peak_memory_bytes)
  union all
  select e.downstream_id, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null
  from unnest($output_id::bigint[]) as settled (id)
  cross join lateral (select downstream_id from headworks.edges where upstream_id = settled.id and not to_prod offset 0) as e
  order by output_id
), locked as materialized (
  -- As lockOutputs does it. What it finds goes along with each row, so that nothing is joined by a guess of the planner.
  select wanted.*, o.status as status_before, o.reason as reason_before, o.settled_at is not null as settled_before
  from wanted cross join lateral (
    select status, reason, settled_at from headworks.outputs where outputs.id = wanted.output_id for update) as o
), held as (
  delete from headworks.tasks t
  using locked
  -- Who has a worker is running (a CHECK). Said again, it would make a plan that reads all that runs.
  where t.id = any (array[locked.task_id]) and t.attempt = locked.attempt and t.worker_id = $worker
  returning t.id, t.namespace, t.processor, t.partition, t.run_id, t.due_at, t.claimed_at, locked.*
), history as (
  insert into headworks.runs (id, task_id, output_id, namespace, processor, partition, attempt, attempt_used, outcome, worker_id,
    code_version, traceparent, due_at, claimed_at, ended_at, records, expected_min, expected_max,
    rows_inserted, rows_updated, rows_unchanged, rows_removed, requests, cpu_ms, peak_memory_bytes)
  select run_id, id, output_id, namespace, processor, partition, attempt, true, 'success', $worker,
    $code_version, traceparent, due_at, claimed_at, clock_timestamp(), records, expected_min, expected_max,
    inserted, updated, unchanged, removed, requests, cpu_ms, peak_memory_bytes
  from held
)
update headworks.outputs o
set status = 'complete', outcome = 'success', reason = null, fingerprint = null, vouched_by = null,
  records = held.records, expected_min = held.expected_min, expected_max = held.expected_max, settled_at = clock_timestamp(),
  run_id = held.run_id, read_set = held.read_set,
  changed_by = case when held.changed then held.run_id else o.changed_by end,
  changed_at = case when held.changed or held.status_before <> 'complete' then clock_timestamp() else o.changed_at end
from held
where o.id = any (array[held.output_id])
returning o.id, held.status_before, held.reason_before, held.settled_before, o.status, held.changed;

-- name: insertMetrics :exec
-- what the runs measured
-- params: metrics json<MetricRow[]>
insert into headworks.run_metrics (run_id, name, labels, value)
select run_id, name, labels, value from json_populate_recordset(null::headworks.run_metrics, $metrics);

-- name: insertRejectedRows :exec
-- rows that didn't fit their schema, each with its error
-- params: rejected json<RejectedRow[]>
insert into headworks.rejected_rows (run_id, dataset, row, error)
select run_id, dataset, row, error from json_populate_recordset(null::headworks.rejected_rows, $rejected);

-- name: deleteTasks :exec
-- tasks that are done: their runs are their history
-- params: ids int8[]
delete from headworks.tasks where id = any ($ids::bigint[]);

-- name: moveTasks :one
-- running → scheduled, ready, waiting or failed, as the settlement table decided. What it would wait for may have settled since its claim, when nobody could wake it: it is ready then
-- params: moves json<TaskMoveRow[]>
-- returns: ready int8
with moving as (
  select m.*, o.id as waits_for, coalesce(o.settled_at > t.claimed_at, false) as outrun
  from json_to_recordset($moves) as m (task_id bigint, state text, delay_ms double precision, uses_attempt boolean,
    died_alone boolean, alone boolean, waits_for_processor text, waits_for_partition text, outcome text, reason text, error text,
    fingerprint text)
  cross join lateral (select namespace, claimed_at from headworks.tasks where tasks.id = m.task_id limit 1) as t
  left join lateral (
    select id, settled_at from headworks.outputs o
    where m.state = 'waiting' and o.namespace = t.namespace
      and o.processor = m.waits_for_processor and o.partition = m.waits_for_partition limit 1) as o on true
), moved as (
  update headworks.tasks t
  set state = case when m.outrun then 'ready' else m.state end,
    due_at = clock_timestamp() + make_interval(secs => case when m.outrun then 0 else m.delay_ms / 1000.0 end),
    attempts_used = t.attempts_used + (case when m.uses_attempt then 1 else 0 end),
    deaths_alone = t.deaths_alone + (case when m.died_alone then 1 else 0 end),
    alone = m.alone,
    waiting_since = case when m.state = 'waiting' then coalesce(t.waiting_since, clock_timestamp()) else t.waiting_since end,
    first_claimed_at = coalesce(t.first_claimed_at, t.claimed_at),
    waits_for = case when m.outrun then null else m.waits_for end,
    worker_id = null, run_id = null, claimed_at = null,
    last_outcome = m.outcome, last_reason = m.reason, last_error = m.error,
    fingerprint = m.fingerprint,
    first_failed_at = case when m.state = 'failed' then coalesce(t.first_failed_at, clock_timestamp()) else t.first_failed_at end,
    failed_at = case when m.state = 'failed' then clock_timestamp() else t.failed_at end
  from moving m
  where t.id = any (array[m.task_id])
  returning t.state
)
select count(*) filter (where state = 'ready') as ready from moved;

-- name: recordFailures :exec
-- counts what tasks of a namespace have failed with, in this code version; reopens what comes back, and what was ignored for long enough or fails too often
-- params: namespace text, fingerprints text[], code_version text
insert into headworks.failures (namespace, fingerprint, count, first_seen_at, last_seen_at, last_code_version, hour_at, hour_count)
select $namespace, seen.fingerprint, count(*), clock_timestamp(), clock_timestamp(), $code_version, clock_timestamp(), count(*)
from unnest($fingerprints::text[]) as seen (fingerprint)
group by seen.fingerprint order by seen.fingerprint
on conflict (namespace, fingerprint) do update
set (count, last_seen_at, last_code_version, hour_at, hour_count, state, resolved_at, resolved_version, ignored_until, ignored_above) = (
  select failures.count + excluded.count, clock_timestamp(), $code_version,
    case when same_hour then failures.hour_at else clock_timestamp() end, in_hour,
    case when reopened then 'open' else failures.state end,
    case when reopened then null else failures.resolved_at end,
    case when reopened then null else failures.resolved_version end,
    case when reopened then null else failures.ignored_until end,
    case when reopened then null else failures.ignored_above end
  from (select coalesce(failures.hour_at > clock_timestamp() - interval '1 hour', false) as same_hour) as hour,
    lateral (select case when same_hour then failures.hour_count else 0 end + excluded.count as in_hour) as counted,
    lateral (select case failures.state
      when 'resolved' then failures.resolved_version is distinct from $code_version
      when 'ignored' then coalesce(failures.ignored_until <= clock_timestamp(), false) or coalesce(in_hour > failures.ignored_above, false)
      else false end as reopened) as decided
);

-- name: settleOutputs :many
-- the ledger rows of these runs; tells what each was before. One that is expected again since an upstream healed stays marked until it settles
-- params: output_id int8[], status text<LedgerStatus>[], outcome text<Outcome>[], reason text?[], fingerprint text?[],
--   vouched_by text<Voucher>?[], records int8[], expected_min int8?[], expected_max int8?[], run_id uuid[],
--   changed bool[], read_set text?[]
-- returns: WrittenOutput
update headworks.outputs o
set status = s.status,
  outcome = case when s.status = 'expected' and o.reason = 'upstream_healed' then o.outcome else s.outcome end,
  reason = case when s.status = 'expected' and o.reason = 'upstream_healed' then o.reason else s.reason end,
  fingerprint = case when s.status = 'expected' and o.reason = 'upstream_healed' then o.fingerprint else s.fingerprint end,
  vouched_by = s.vouched_by,
  records = s.records, expected_min = s.expected_min, expected_max = s.expected_max,
  settled_at = case when s.status = 'expected' then o.settled_at else clock_timestamp() end,
  run_id = s.run_id,
  changed_by = case when s.changed then s.run_id else o.changed_by end,
  changed_at = case when s.changed or s.status <> before.status then clock_timestamp() else o.changed_at end,
  read_set = s.read_set
from unnest($output_id::bigint[], $status::text[], $outcome::text[], $reason::text[], $fingerprint::text[], $vouched_by::text[],
    $records::bigint[], $expected_min::bigint[], $expected_max::bigint[], $run_id::uuid[], $changed::boolean[], $read_set::text[])
    as s (output_id, status, outcome, reason, fingerprint, vouched_by, records, expected_min, expected_max, run_id, changed,
      read_set)
  cross join lateral (select status, reason, settled_at from headworks.outputs where outputs.id = s.output_id limit 1) as before
where o.id = any (array[s.output_id])
returning o.id, before.status as status_before, before.reason as reason_before, before.settled_at is not null as settled_before,
  o.status, s.changed;

-- name: settleArtifacts :exec
-- files whose run settled; they are renamed after the commit
-- params: artifacts json<ArtifactRow[]>
insert into headworks.artifacts (namespace, path, state, temporary_name, bytes, hash, processor, partition, run_id)
select namespace, path, 'settled', temporary_name, bytes, hash, processor, partition, run_id
from json_populate_recordset(null::headworks.artifacts, $artifacts)
on conflict (namespace, path) do update
set state = 'settled', temporary_name = excluded.temporary_name, bytes = excluded.bytes, hash = excluded.hash,
  processor = excluded.processor, partition = excluded.partition, run_id = excluded.run_id, settled_at = now(),
  unpublished_since = null, publish_error = null;

-- name: deleteStagedRows :exec
-- staged rows of runs that have ended
-- params: run_ids uuid[]
delete from headworks.staged_rows where run_id = any ($run_ids::uuid[]);
