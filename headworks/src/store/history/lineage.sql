-- name: listAppliedDatasets :many
-- the datasets of a namespace, with their columns, keys, and the processors that own them
-- params: text
-- returns: name text, columns jsonb, key _text, owners _text
select d.name, d.columns, d.key,
  array(select p.name from headworks.processors p where p.namespace = d.namespace and p.definition -> 'datasets' ? d.name order by p.position) as owners
from headworks.datasets d where d.namespace = $1 order by d.name;

-- name: listOutputsByName :many
-- rows of the ledger by processor and partition, as a namespace sees them: its own where they are settled, else those of `prod`
-- params: text, text, _text
-- returns: id int8, partition text, status text, run_id uuid, changed_by uuid, settled_at timestamptz
select seen.id, seen.partition, seen.status, seen.run_id, seen.changed_by, seen.settled_at
from (select distinct unnest($3::text[]) as partition) as asked
cross join lateral (
  select o.* from headworks.outputs o
  where o.namespace in ($1, 'prod') and o.processor = $2 and o.partition = asked.partition
  order by o.namespace = $1 and o.settled_at is not null desc, o.namespace = 'prod' desc limit 1) as seen
order by seen.partition;

-- name: listUpstreamOutputs :many
-- what these outputs have edges to, by processor, those furthest down the pipeline first
-- params: _int8
-- returns: id int8, processor text, partition text, position int2, status text, changed_by uuid, run_id uuid
select distinct u.id, u.processor, u.partition, p.position, u.status, u.changed_by, u.run_id
from headworks.edges e
join headworks.outputs u on u.id = e.upstream_id
join headworks.processors p on p.namespace = u.namespace and p.name = u.processor
where e.downstream_id = any ($1::bigint[])
order by p.position desc, u.partition;

-- name: listResponsesOf :many
-- what sources answered to these runs, in order
-- params: _uuid, int8
-- returns: run_id uuid, source text, method text, url text, status int4, hash text, fetched_at timestamptz, total int8
select run_id, source, method, url, status, hash, fetched_at, count(*) over () as total
from headworks.raw_documents where run_id = any ($1::uuid[]) order by id limit $2;
