-- from ../../domain/settlement/outcome.ts: Outcome
-- from ../../domain/severity.ts: LineFields, Severity
-- from ../../domain/settlement/run-record.ts: Labels
-- type LineRow: run_id uuid, seq int4, at timestamptz, severity text<Severity>, message text, fields jsonb<LineFields>?
-- type DocumentRow: source text, method text, url text, request_hash text, status int4, headers jsonb<Labels>,
--   hash text, bytes int8, duration_ms int4, fetched_at timestamptz, run_id uuid

-- name: insertLogLines :exec
-- lines of any number of runs; one that is there already was stored by a commit whose answer got lost
-- params: lines json<LineRow[]>
insert into headworks.run_logs (run_id, seq, at, severity, message, fields)
select run_id, seq, at, severity, message, fields
from json_populate_recordset(null::headworks.run_logs, $lines)
on conflict (run_id, seq, at) do nothing;

-- name: deleteMiddleLines :exec
-- of each run, the lines from one number to another: the end has moved on, and they have become the middle
-- params: run_id uuid[], first_seq int4[], last_seq int4[]
delete from headworks.run_logs l
using unnest($run_id::uuid[], $first_seq::integer[], $last_seq::integer[]) as middle (run_id, first_seq, last_seq)
where l.run_id = middle.run_id and l.seq between middle.first_seq and middle.last_seq;

-- name: insertDocuments :exec
-- what sources answered, in this order; one that is there already was stored by a commit whose answer got lost
-- params: documents json<DocumentRow[]>
insert into headworks.raw_documents
  (source, method, url, request_hash, status, headers, hash, bytes, duration_ms, fetched_at, run_id)
select d.source, d.method, d.url, d.request_hash, d.status, d.headers, d.hash, d.bytes, d.duration_ms, d.fetched_at, d.run_id
from rows from (json_to_recordset($documents) as (source text, method text, url text, request_hash text, status integer,
    headers jsonb, hash text, bytes bigint, duration_ms integer, fetched_at timestamptz, run_id uuid)) with ordinality
  as d (source, method, url, request_hash, status, headers, hash, bytes, duration_ms, fetched_at, run_id, place)
where (
  select true from headworks.raw_documents stored
  where stored.run_id = d.run_id and stored.fetched_at = d.fetched_at
    and (stored.request_hash, stored.hash) is not distinct from (d.request_hash, d.hash) limit 1) is null
order by d.place;

-- name: searchLogs :many
-- lines of ended and of running runs, newest first, older than the cursor, without those seen; each half is sorted and cut by itself, so that an index can serve it
-- unprepared: one plan for all would serve none, whichever of the conditions are set
-- params: namespace text?, processor text?, partition text?, outcome text<Outcome>?, run_id uuid?, severities text<Severity>[]?,
--   text text?, field text?, field_value text?, since timestamptz?, until timestamptz?, before_at timestamptz?,
--   before_run uuid?, before_seq int4?, seen_run uuid[], seen_seq int4[], limit int4
-- returns: run_id uuid, seq int4, at timestamptz, severity text<Severity>, message text, fields jsonb<LineFields>?,
--   namespace text, processor text, partition text, attempt int4, outcome text<Outcome>?
(select l.run_id, l.seq, l.at, l.severity, l.message, l.fields, r.namespace, r.processor, r.partition, r.attempt, r.outcome
from headworks.run_logs l join headworks.runs r on r.id = l.run_id
where ($namespace::text is null or r.namespace = $namespace)
  and ($processor::text is null or r.processor = $processor)
  and ($partition::text is null or r.partition = $partition)
  and ($outcome::text is null or r.outcome = $outcome)
  and ($run_id::uuid is null or l.run_id = $run_id)
  and ($severities::text[] is null or l.severity = any ($severities))
  and ($text::text is null or l.message ilike $text or l.fields::text ilike $text)
  and ($field::text is null or coalesce(l.fields ->> $field, l.fields #>> string_to_array($field, '.')) = $field_value::text)
  and ($since::timestamptz is null or l.at >= $since)
  and ($until::timestamptz is null or l.at < $until)
  and ($before_at::timestamptz is null or (l.at, l.run_id, l.seq) < ($before_at, $before_run::uuid, $before_seq::integer))
  and not exists (select from unnest($seen_run::uuid[], $seen_seq::integer[]) as seen (run_id, seq)
    where seen.run_id = l.run_id and l.seq <= seen.seq)
order by l.at desc, l.run_id desc, l.seq desc limit $limit::integer)
union all
(select l.run_id, l.seq, l.at, l.severity, l.message, l.fields, t.namespace, t.processor, t.partition, t.attempt, null
from headworks.run_logs l join headworks.tasks t on t.run_id = l.run_id and t.state = 'running'
where ($namespace::text is null or t.namespace = $namespace)
  and ($processor::text is null or t.processor = $processor)
  and ($partition::text is null or t.partition = $partition)
  and $outcome::text is null
  and ($run_id::uuid is null or l.run_id = $run_id)
  and ($severities::text[] is null or l.severity = any ($severities))
  and ($text::text is null or l.message ilike $text or l.fields::text ilike $text)
  and ($field::text is null or coalesce(l.fields ->> $field, l.fields #>> string_to_array($field, '.')) = $field_value::text)
  and ($since::timestamptz is null or l.at >= $since)
  and ($until::timestamptz is null or l.at < $until)
  and ($before_at::timestamptz is null or (l.at, l.run_id, l.seq) < ($before_at, $before_run::uuid, $before_seq::integer))
  and not exists (select from unnest($seen_run::uuid[], $seen_seq::integer[]) as seen (run_id, seq)
    where seen.run_id = l.run_id and l.seq <= seen.seq)
order by l.at desc, l.run_id desc, l.seq desc limit $limit::integer)
order by at desc, run_id desc, seq desc limit $limit::integer;
