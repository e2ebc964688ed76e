-- from ../../domain/criticality.ts: Criticality
-- from ../../domain/settlement/outcome.ts: Outcome
-- from ../../domain/settlement/release.ts: EdgeDirection, NeedMode
-- from ../../domain/settlement/run-record.ts: KeptError, Labels, Progress
-- from ../../domain/settlement/states.ts: OutputStatus, TaskState
-- type OutputListing: id int8, pipeline text, phase text, processor text, partition text, status text<OutputStatus>,
--   outcome text<Outcome>?, reason text?, vouched_by text?, records int8?, expected_min int8?,
--   expected_max int8?, opens_at timestamptz, expected_by timestamptz?, settled_at timestamptz?, overdue bool,
--   task_state text<TaskState>?, task_due_at timestamptz?, attempts_used int4?, last_error text?, run_id uuid?
-- type RunListing: id uuid, processor text, partition text, attempt int4, outcome text<Outcome>?, reason text?,
--   due_at timestamptz, claimed_at timestamptz, ended_at timestamptz?, records int8?, rows_inserted int8?,
--   rows_updated int8?, rows_unchanged int8?, rows_removed int8?, rows_rejected int8?, requests int4?, note text?,
--   error text?
-- type OutputDetail: id int8, pipeline text, phase text, processor text, criticality text<Criticality>, partition text,
--   status text<OutputStatus>, outcome text<Outcome>?, reason text?, vouched_by text?, records int8?,
--   expected_min int8?, expected_max int8?, opens_at timestamptz, expected_by timestamptz?, settled_at timestamptz?,
--   overdue bool, run_id uuid?, task_state text<TaskState>?, task_due_at timestamptz?, attempts_used int4?,
--   waits_for text?
-- type Attempt: id uuid, attempt int4, attempt_used bool?, outcome text<Outcome>?, reason text?, fingerprint text?,
--   due_at timestamptz, claimed_at timestamptz, ended_at timestamptz?, duration_ms int8?, records int8?,
--   expected_min int8?, expected_max int8?, rows_inserted int8?, rows_updated int8?, rows_unchanged int8?,
--   rows_removed int8?, rows_rejected int8?, requests int4?, note text?, progress jsonb<Progress>?,
--   error jsonb<KeptError>?, logs_dropped int4?, worker_id uuid, code_version text?, traceparent text?, cpu_ms int8?,
--   peak_memory_bytes int8?
-- type ReportedMetric: name text, labels jsonb<Labels>, value float8
-- type KeptRequest: source text, method text, url text, status int4, duration_ms int4, bytes int8, hash text,
--   fetched_at timestamptz
-- type KeptRejection: dataset text, row jsonb, error text
-- type KeptArtifact: path text, state text, bytes int8, hash text
-- type Neighbor: direction text<EdgeDirection>, processor text, partition text, status text<OutputStatus>,
--   task_state text<TaskState>?, mode text<NeedMode>, accepts_degraded bool, run_traceparent text?,
--   task_traceparent text?

-- name: listOutputs :many
-- rows of the ledger after the cursor (processor, partition), by processor, the latest partitions first
-- params: namespace text, processor text?, phase text?, status text<OutputStatus>?, partition text?, overdue bool,
--   after_processor text?, after_partition text?, limit int8
-- returns: OutputListing
select id, pipeline, phase, processor, partition, status,
  coalesce(last_outcome, outcome) as outcome, coalesce(last_reason, reason) as reason, vouched_by, records, expected_min,
  expected_max, opens_at, expected_by, settled_at, overdue, task_state, task_due_at, attempts_used, last_error, run_id
from headworks.v_outputs
where namespace = $namespace
  and ($processor::text is null or processor = $processor)
  and ($phase::text is null or phase = $phase)
  and ($status::text is null or status = $status)
  and ($partition::text is null or partition = $partition)
  and (not $overdue::bool or overdue)
  and ($after_processor::text is null or processor > $after_processor or (processor = $after_processor and partition < $after_partition))
order by processor, partition desc limit $limit;

-- name: listRuns :many
-- runs before the cursor, those in progress too, the latest claimed first
-- params: namespace text, processor text?, partition text?, outcome text<Outcome>?, since timestamptz?, since_id uuid?,
--   before uuid?, limit int8
-- returns: RunListing
(select id, processor, partition, attempt, outcome, reason, due_at, claimed_at, ended_at, records, rows_inserted, rows_updated,
  rows_unchanged, rows_removed, rows_rejected, requests, note, error ->> 'message' as error
from headworks.runs
where namespace = $namespace
  and ($processor::text is null or processor = $processor)
  and ($partition::text is null or partition = $partition)
  and ($outcome::text is null or outcome = $outcome)
  and ($since::timestamptz is null or claimed_at >= $since)
  and ($since_id::uuid is null or id >= $since_id)
  and ($before::uuid is null or id < $before)
order by id desc limit $limit)
union all
(select run_id, processor, partition, attempt, null, null, due_at, claimed_at, null, null, null, null, null, null, null, null, null, null
from headworks.tasks
where state = 'running' and namespace = $namespace
  and ($processor::text is null or processor = $processor)
  and ($partition::text is null or partition = $partition)
  and $outcome::text is null
  and ($since::timestamptz is null or claimed_at >= $since)
  and ($before::uuid is null or run_id < $before)
order by run_id desc limit $limit)
order by id desc limit $limit;

-- name: findRuns :many
-- the runs whose ids lie between two, those in progress too: one when the ids are equal, some when a prefix was given
-- params: first uuid, last uuid, limit int8
-- returns: id uuid, output_id int8, processor text, partition text
(select id, output_id, processor, partition from headworks.runs where id between $first and $last order by id limit $limit)
union all
(select run_id, output_id, processor, partition from headworks.tasks
where state = 'running' and run_id between $first and $last order by run_id limit $limit)
order by id limit $limit;

-- name: findOutputDetail :maybe
-- one row of the ledger by its id, with what its task does
-- params: id int8
-- returns: OutputDetail
select v.id, v.pipeline, v.phase, v.processor, v.criticality, v.partition, v.status, v.outcome, v.reason, v.vouched_by, v.records,
  v.expected_min, v.expected_max, v.opens_at, v.expected_by, v.settled_at, v.overdue, v.run_id, v.task_state, v.task_due_at,
  v.attempts_used, u.processor || '[' || u.partition || ']' as waits_for
from headworks.v_outputs v
left join headworks.tasks t on t.output_id = v.id
left join headworks.outputs u on u.id = t.waits_for
where v.id = $id;

-- name: listAttempts :many
-- the latest runs of one output, the last first
-- params: output_id int8, limit int8
-- returns: Attempt
select id, attempt, attempt_used, outcome, reason, fingerprint, due_at, claimed_at, ended_at, duration_ms, records, expected_min, expected_max,
  rows_inserted, rows_updated, rows_unchanged, rows_removed, rows_rejected, requests, note, progress, error, logs_dropped,
  worker_id, code_version, traceparent, cpu_ms, peak_memory_bytes
from headworks.v_runs where output_id = $output_id order by id desc limit $limit;

-- name: findAttempt :maybe
-- one run by its id
-- params: run_id uuid
-- returns: Attempt
select id, attempt, attempt_used, outcome, reason, fingerprint, due_at, claimed_at, ended_at, duration_ms, records, expected_min, expected_max,
  rows_inserted, rows_updated, rows_unchanged, rows_removed, rows_rejected, requests, note, progress, error, logs_dropped,
  worker_id, code_version, traceparent, cpu_ms, peak_memory_bytes
from headworks.v_runs where id = $run_id;

-- name: listMetrics :many
-- what a run reported
-- params: run_id uuid
-- returns: ReportedMetric
select name, labels, value from headworks.run_metrics where run_id = $run_id order by name, labels::text;

-- name: listRequests :many
-- what sources answered to a run, in order
-- params: run_id uuid, limit int8
-- returns: KeptRequest
select source, method, url, status, duration_ms, bytes, hash, fetched_at
from headworks.raw_documents where run_id = $run_id order by id limit $limit;

-- name: listRejected :many
-- the first rows of a run that were rejected
-- params: run_id uuid, limit int8
-- returns: KeptRejection
select dataset, row, error from headworks.rejected_rows where run_id = $run_id order by id limit $limit;

-- name: listArtifacts :many
-- the files that a run published and that no later run has replaced
-- params: run_id uuid
-- returns: KeptArtifact
select path, state, bytes, hash from headworks.artifacts where run_id = $run_id order by path;

-- name: listNeighbors :many
-- what an output needs (`up`) and what needs it (`down`), with the status of each and how it came to run
-- params: output_id int8, limit int8
-- returns: Neighbor
(select 'up' as direction, v.processor, v.partition, v.status, v.task_state, min(e.mode) as mode, bool_or(e.accepts_degraded) as accepts_degraded,
  r.traceparent as run_traceparent, null as task_traceparent
from headworks.edges e
join headworks.v_outputs v on v.id = e.upstream_id
left join headworks.runs r on r.id = v.run_id
where e.downstream_id = $output_id
group by v.id, v.processor, v.partition, v.status, v.task_state, v.phase_index, r.traceparent
order by v.status in ('complete', 'empty', 'waived'), v.phase_index, v.processor, v.partition limit $limit)
union all
(select 'down', v.processor, v.partition, v.status, v.task_state, min(e.mode), bool_or(e.accepts_degraded), null, t.traceparent
from headworks.edges e
join headworks.v_outputs v on v.id = e.downstream_id
left join headworks.tasks t on t.output_id = v.id
where e.upstream_id = $output_id and not e.to_prod
group by v.id, v.processor, v.partition, v.status, v.task_state, v.phase_index, t.traceparent
order by v.phase_index, v.processor, v.partition limit $limit);

-- name: listPartitionsOf :many
-- some partitions of a processor, the latest first
-- params: namespace text, processor text, limit int8
-- returns: partition text
select partition from headworks.outputs where namespace = $namespace and processor = $processor order by partition desc limit $limit;
