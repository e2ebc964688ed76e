-- from ../../domain/settlement/states.ts: LedgerStatus
-- from ../dataset/columns.ts: Column
-- type AppliedDataset: name text, columns jsonb<Column[]>, key text[], owners text[]
-- type UpstreamOutput: id int8, processor text, partition text, position int2, status text<LedgerStatus>,
--   changed_by uuid?, run_id uuid?

-- name: listAppliedDatasets :many
-- the datasets of a namespace, with their columns, keys, and the processors that own them
-- params: namespace text
-- returns: AppliedDataset
select d.name, d.columns, d.key,
  array(select p.name from headworks.processors p where p.namespace = d.namespace and p.definition -> 'datasets' ? d.name order by p.position) as owners
from headworks.datasets d where d.namespace = $namespace order by d.name;

-- name: listOutputsByName :many
-- rows of the ledger by processor and partition, as a namespace sees them: its own where they are settled, else those of `prod`
-- params: namespace text, processor text, partitions text[]
-- returns: id int8, partition text, status text<LedgerStatus>, run_id uuid?, changed_by uuid?, settled_at timestamptz?
select seen.id, seen.partition, seen.status, seen.run_id, seen.changed_by, seen.settled_at
from (select distinct unnest($partitions::text[]) as partition) as asked
cross join lateral (
  select o.* from headworks.outputs o
  where o.namespace in ($namespace, 'prod') and o.processor = $processor and o.partition = asked.partition
  order by o.namespace = $namespace and o.settled_at is not null desc, o.namespace = 'prod' desc limit 1) as seen
order by seen.partition;

-- name: listUpstreamOutputs :many
-- what these outputs have edges to, by processor, those furthest down the pipeline first
-- params: output_ids int8[]
-- returns: UpstreamOutput
select distinct u.id, u.processor, u.partition, p.position, u.status, u.changed_by, u.run_id
from headworks.edges e
join headworks.outputs u on u.id = e.upstream_id
join headworks.processors p on p.namespace = u.namespace and p.name = u.processor
where e.downstream_id = any ($output_ids::bigint[])
order by p.position desc, u.partition;

-- name: listResponsesOf :many
-- what sources answered to these runs, in order
-- params: run_ids uuid[], limit int8
-- returns: run_id uuid, source text, method text, url text, status int4, hash text, fetched_at timestamptz, total int8
select run_id, source, method, url, status, hash, fetched_at, count(*) over () as total
from headworks.raw_documents where run_id = any ($run_ids::uuid[]) order by id limit $limit;
