-- What a run used of its machine, as far as it can be told from what else its process did.
alter table headworks.runs
  add column cpu_ms bigint,
  add column peak_memory_bytes bigint;

create or replace view headworks.v_runs as
select r.id, r.namespace, p.pipeline, p.phase, r.processor, r.partition, r.output_id, r.attempt, r.attempt_used,
  r.outcome, r.reason, r.claimed_at, r.ended_at,
  round(extract(epoch from r.ended_at - r.claimed_at) * 1000)::bigint as duration_ms,
  r.records, r.expected_min, r.expected_max, r.rows_inserted, r.rows_updated, r.rows_unchanged, r.rows_removed,
  r.rows_rejected, r.requests, r.note, r.progress, r.error, r.logs_dropped, r.worker_id, r.code_version, r.traceparent,
  r.due_at, r.cpu_ms, r.peak_memory_bytes
from headworks.runs r
left join headworks.processors p on p.name = r.processor
union all
select t.run_id, t.namespace, p.pipeline, p.phase, t.processor, t.partition, t.output_id, t.attempt, null,
  null, null, t.claimed_at, null, null,
  null, null, null, null, null, null, null,
  null, null, null, null, null, null, t.worker_id, null, t.traceparent,
  t.due_at, null, null
from headworks.tasks t
left join headworks.processors p on p.name = t.processor
where t.state = 'running';
