-- name: insertLogLines :exec
-- lines of any number of runs; one that is there already was stored by a commit whose answer got lost
-- params: json
insert into headworks.run_logs (run_id, seq, at, severity, message, fields)
select run_id, seq, at, severity, message, fields
from json_populate_recordset(null::headworks.run_logs, $1)
on conflict (run_id, seq, at) do nothing;

-- name: deleteMiddleLines :exec
-- of each run, the lines from one number to another: the end has moved on, and they have become the middle
-- params: _uuid, _int4, _int4
delete from headworks.run_logs l
using unnest($1::uuid[], $2::integer[], $3::integer[]) as middle (run_id, first_seq, last_seq)
where l.run_id = middle.run_id and l.seq between middle.first_seq and middle.last_seq;

-- name: insertDocuments :exec
-- what sources answered, in this order; one that is there already was stored by a commit whose answer got lost
-- params: json
insert into headworks.raw_documents
  (source, method, url, request_hash, status, headers, hash, bytes, duration_ms, fetched_at, run_id)
select d.source, d.method, d.url, d.request_hash, d.status, d.headers, d.hash, d.bytes, d.duration_ms, d.fetched_at, d.run_id
from rows from (json_to_recordset($1) as (source text, method text, url text, request_hash text, status integer,
    headers jsonb, hash text, bytes bigint, duration_ms integer, fetched_at timestamptz, run_id uuid)) with ordinality
  as d (source, method, url, request_hash, status, headers, hash, bytes, duration_ms, fetched_at, run_id, place)
where (
  select true from headworks.raw_documents stored
  where stored.run_id = d.run_id and stored.fetched_at = d.fetched_at
    and (stored.request_hash, stored.hash) is not distinct from (d.request_hash, d.hash) limit 1) is null
order by d.place;

-- name: searchLogs :many
-- lines of ended and of running runs, newest first, older than the cursor, without those seen; each half is sorted and cut by itself, so that an index can serve it
-- params: text, text, text, uuid, _text, text, text, text, timestamptz, timestamptz, timestamptz, uuid, int4, _uuid, _int4, int4, text
-- returns: run_id uuid, seq int4, at timestamptz, severity text, message text, fields jsonb, namespace text, processor text, partition text, attempt int4, outcome text
(select l.run_id, l.seq, l.at, l.severity, l.message, l.fields, r.namespace, r.processor, r.partition, r.attempt, r.outcome
from headworks.run_logs l join headworks.runs r on r.id = l.run_id
where ($17::text is null or r.namespace = $17) and ($1::text is null or r.processor = $1)
  and ($2::text is null or r.partition = $2)
  and ($3::text is null or r.outcome = $3)
  and ($4::uuid is null or l.run_id = $4)
  and ($5::text[] is null or l.severity = any ($5))
  and ($6::text is null or l.message ilike $6 or l.fields::text ilike $6)
  and ($7::text is null or coalesce(l.fields ->> $7, l.fields #>> string_to_array($7, '.')) = $8::text)
  and ($9::timestamptz is null or l.at >= $9)
  and ($10::timestamptz is null or l.at < $10)
  and ($11::timestamptz is null or (l.at, l.run_id, l.seq) < ($11, $12::uuid, $13::integer))
  and not exists (select from unnest($14::uuid[], $15::integer[]) as seen (run_id, seq)
    where seen.run_id = l.run_id and l.seq <= seen.seq)
order by l.at desc, l.run_id desc, l.seq desc limit $16::integer)
union all
(select l.run_id, l.seq, l.at, l.severity, l.message, l.fields, t.namespace, t.processor, t.partition, t.attempt, null
from headworks.run_logs l join headworks.tasks t on t.run_id = l.run_id and t.state = 'running'
where ($17::text is null or t.namespace = $17) and ($1::text is null or t.processor = $1)
  and ($2::text is null or t.partition = $2)
  and $3::text is null
  and ($4::uuid is null or l.run_id = $4)
  and ($5::text[] is null or l.severity = any ($5))
  and ($6::text is null or l.message ilike $6 or l.fields::text ilike $6)
  and ($7::text is null or coalesce(l.fields ->> $7, l.fields #>> string_to_array($7, '.')) = $8::text)
  and ($9::timestamptz is null or l.at >= $9)
  and ($10::timestamptz is null or l.at < $10)
  and ($11::timestamptz is null or (l.at, l.run_id, l.seq) < ($11, $12::uuid, $13::integer))
  and not exists (select from unnest($14::uuid[], $15::integer[]) as seen (run_id, seq)
    where seen.run_id = l.run_id and l.seq <= seen.seq)
order by l.at desc, l.run_id desc, l.seq desc limit $16::integer)
order by at desc, run_id desc, seq desc limit $16::integer;
