-- name: listOutputs :many
-- rows of the ledger after the cursor (processor, partition), by processor, the latest partitions first
-- params: text, text, text, text, text, bool, text, text, int8
-- returns: id int8, pipeline text, phase text, processor text, partition text, status text, outcome text, reason text, vouched_by text, records int8, expected_min int8, expected_max int8, opens_at timestamptz, expected_by timestamptz, settled_at timestamptz, overdue bool, task_state text, task_due_at timestamptz, attempts_used int4, last_error text, run_id uuid
select id, pipeline, phase, processor, partition, status,
  coalesce(last_outcome, outcome) as outcome, coalesce(last_reason, reason) as reason, vouched_by, records, expected_min,
  expected_max, opens_at, expected_by, settled_at, overdue, task_state, task_due_at, attempts_used, last_error, run_id
from headworks.v_outputs
where namespace = $1
  and ($2::text is null or processor = $2)
  and ($3::text is null or phase = $3)
  and ($4::text is null or status = $4)
  and ($5::text is null or partition = $5)
  and (not $6::bool or overdue)
  and ($7::text is null or processor > $7 or (processor = $7 and partition < $8))
order by processor, partition desc limit $9;

-- name: listRuns :many
-- runs before the cursor, those in progress too, the latest claimed first
-- params: text, text, text, text, timestamptz, uuid, uuid, int8
-- returns: id uuid, processor text, partition text, attempt int4, outcome text, reason text, due_at timestamptz, claimed_at timestamptz, ended_at timestamptz, records int8, rows_inserted int8, rows_updated int8, rows_unchanged int8, rows_removed int8, rows_rejected int8, requests int4, note text, error text
(select id, processor, partition, attempt, outcome, reason, due_at, claimed_at, ended_at, records, rows_inserted, rows_updated,
  rows_unchanged, rows_removed, rows_rejected, requests, note, error ->> 'message' as error
from headworks.runs
where namespace = $1
  and ($2::text is null or processor = $2)
  and ($3::text is null or partition = $3)
  and ($4::text is null or outcome = $4)
  and ($5::timestamptz is null or claimed_at >= $5)
  and ($6::uuid is null or id >= $6)
  and ($7::uuid is null or id < $7)
order by id desc limit $8)
union all
(select run_id, processor, partition, attempt, null, null, due_at, claimed_at, null, null, null, null, null, null, null, null, null, null
from headworks.tasks
where state = 'running' and namespace = $1
  and ($2::text is null or processor = $2)
  and ($3::text is null or partition = $3)
  and $4::text is null
  and ($5::timestamptz is null or claimed_at >= $5)
  and ($7::uuid is null or run_id < $7)
order by run_id desc limit $8)
order by id desc limit $8;

-- name: findRuns :many
-- the runs whose ids lie between two, those in progress too: one when the ids are equal, some when a prefix was given
-- params: uuid, uuid, int8
-- returns: id uuid, output_id int8, processor text, partition text
(select id, output_id, processor, partition from headworks.runs where id between $1 and $2 order by id limit $3)
union all
(select run_id, output_id, processor, partition from headworks.tasks
where state = 'running' and run_id between $1 and $2 order by run_id limit $3)
order by id limit $3;

-- name: findOutputDetail :one
-- one row of the ledger by its id, with what its task does
-- params: int8
-- returns: id int8, pipeline text, phase text, processor text, criticality text, partition text, status text, outcome text, reason text, vouched_by text, records int8, expected_min int8, expected_max int8, opens_at timestamptz, expected_by timestamptz, settled_at timestamptz, overdue bool, run_id uuid, task_state text, task_due_at timestamptz, attempts_used int4, waits_for text
select v.id, v.pipeline, v.phase, v.processor, v.criticality, v.partition, v.status, v.outcome, v.reason, v.vouched_by, v.records,
  v.expected_min, v.expected_max, v.opens_at, v.expected_by, v.settled_at, v.overdue, v.run_id, v.task_state, v.task_due_at,
  v.attempts_used, u.processor || '[' || u.partition || ']' as waits_for
from headworks.v_outputs v
left join headworks.tasks t on t.output_id = v.id
left join headworks.outputs u on u.id = t.waits_for
where v.id = $1;

-- name: listAttempts :many
-- the latest runs of one output, the last first
-- params: int8, int8
-- returns: id uuid, attempt int4, attempt_used bool, outcome text, reason text, fingerprint text, due_at timestamptz, claimed_at timestamptz, ended_at timestamptz, duration_ms int8, records int8, expected_min int8, expected_max int8, rows_inserted int8, rows_updated int8, rows_unchanged int8, rows_removed int8, rows_rejected int8, requests int4, note text, progress jsonb, error jsonb, logs_dropped int4, worker_id uuid, code_version text, traceparent text, cpu_ms int8, peak_memory_bytes int8
select id, attempt, attempt_used, outcome, reason, fingerprint, due_at, claimed_at, ended_at, duration_ms, records, expected_min, expected_max,
  rows_inserted, rows_updated, rows_unchanged, rows_removed, rows_rejected, requests, note, progress, error, logs_dropped,
  worker_id, code_version, traceparent, cpu_ms, peak_memory_bytes
from headworks.v_runs where output_id = $1 order by id desc limit $2;

-- name: findAttempt :maybe
-- one run by its id
-- params: uuid
-- returns: id uuid, attempt int4, attempt_used bool, outcome text, reason text, fingerprint text, due_at timestamptz, claimed_at timestamptz, ended_at timestamptz, duration_ms int8, records int8, expected_min int8, expected_max int8, rows_inserted int8, rows_updated int8, rows_unchanged int8, rows_removed int8, rows_rejected int8, requests int4, note text, progress jsonb, error jsonb, logs_dropped int4, worker_id uuid, code_version text, traceparent text, cpu_ms int8, peak_memory_bytes int8
select id, attempt, attempt_used, outcome, reason, fingerprint, due_at, claimed_at, ended_at, duration_ms, records, expected_min, expected_max,
  rows_inserted, rows_updated, rows_unchanged, rows_removed, rows_rejected, requests, note, progress, error, logs_dropped,
  worker_id, code_version, traceparent, cpu_ms, peak_memory_bytes
from headworks.v_runs where id = $1;

-- name: listMetrics :many
-- what a run reported
-- params: uuid
-- returns: name text, labels jsonb, value float8
select name, labels, value from headworks.run_metrics where run_id = $1 order by name, labels::text;

-- name: listRequests :many
-- what sources answered to a run, in order
-- params: uuid, int8
-- returns: source text, method text, url text, status int4, duration_ms int4, bytes int8, hash text, fetched_at timestamptz
select source, method, url, status, duration_ms, bytes, hash, fetched_at
from headworks.raw_documents where run_id = $1 order by id limit $2;

-- name: listRejected :many
-- the first rows of a run that were rejected
-- params: uuid, int8
-- returns: dataset text, row jsonb, error text
select dataset, row, error from headworks.rejected_rows where run_id = $1 order by id limit $2;

-- name: listArtifacts :many
-- the files that a run published and that no later run has replaced
-- params: uuid
-- returns: path text, state text, bytes int8, hash text
select path, state, bytes, hash from headworks.artifacts where run_id = $1 order by path;

-- name: listNeighbors :many
-- what an output needs (`up`) and what needs it (`down`), with the status of each and how it came to run
-- params: int8, int8
-- returns: direction text, processor text, partition text, status text, task_state text, mode text, accepts_degraded bool, run_traceparent text, task_traceparent text
(select 'up' as direction, v.processor, v.partition, v.status, v.task_state, min(e.mode) as mode, bool_or(e.accepts_degraded) as accepts_degraded,
  r.traceparent as run_traceparent, null as task_traceparent
from headworks.edges e
join headworks.v_outputs v on v.id = e.upstream_id
left join headworks.runs r on r.id = v.run_id
where e.downstream_id = $1
group by v.id, v.processor, v.partition, v.status, v.task_state, v.phase_index, r.traceparent
order by v.status in ('complete', 'empty', 'waived'), v.phase_index, v.processor, v.partition limit $2)
union all
(select 'down', v.processor, v.partition, v.status, v.task_state, min(e.mode), bool_or(e.accepts_degraded), null, t.traceparent
from headworks.edges e
join headworks.v_outputs v on v.id = e.downstream_id
left join headworks.tasks t on t.output_id = v.id
where e.upstream_id = $1 and not e.to_prod
group by v.id, v.processor, v.partition, v.status, v.task_state, v.phase_index, t.traceparent
order by v.phase_index, v.processor, v.partition limit $2);

-- name: listPartitionsOf :many
-- some partitions of a processor, the latest first
-- params: text, text, int8
-- returns: partition text
select partition from headworks.outputs where namespace = $1 and processor = $2 order by partition desc limit $3;
