-- type PathOutput: id int8, processor text, partition text, is_start bool

-- name: listPaths :many
-- what lies between these outputs and what they need, near or far, of a processor or a phase: both ends too. At most so many are looked at on the way up, and given
-- params: output_ids int8[], upstream text, look_at_most int8, limit int8
-- returns: PathOutput
with recursive up as (
  select unnest($output_ids::bigint[]) as id
  union
  select e.upstream_id from headworks.edges e join up on e.downstream_id = up.id and e.to_prod is not true
), needed as materialized (
  select id from up limit $look_at_most
), starts as materialized (
  select o.id from needed
  join headworks.outputs o on o.id = needed.id
  join headworks.processors p on p.namespace = o.namespace and p.name = o.processor
  where (o.processor = $upstream or p.phase = $upstream) and o.id <> all ($output_ids::bigint[])
), paths as (
  select id from starts
  union
  select e.downstream_id from headworks.edges e join paths on e.upstream_id = paths.id and not e.to_prod
  where e.downstream_id in (select id from needed)
)
select o.id, o.processor, o.partition, o.id in (select id from starts) as is_start
from (select id from paths limit $limit) as found join headworks.outputs o on o.id = found.id
order by o.id;

-- name: listUpstreamNames :many
-- the processors that these outputs need, near or far
-- params: output_ids int8[], look_at_most int8
-- returns: processor text
with recursive up as (
  select unnest($output_ids::bigint[]) as id
  union
  select e.upstream_id from headworks.edges e join up on e.downstream_id = up.id and e.to_prod is not true
)
select distinct o.processor from (select id from up limit $look_at_most) as needed
join headworks.outputs o on o.id = needed.id
where o.id <> all ($output_ids::bigint[]) order by o.processor;

-- name: expectAgain :exec
-- these outputs, which the caller has locked, are expected again: as if what they need were new. One that runs now is left alone
-- params: output_ids int8[]
with gone as (
  delete from headworks.tasks where output_id = any ($output_ids::bigint[]) and state <> 'running'
)
update headworks.outputs o set status = 'expected', reason = 'upstream_healed', vouched_by = null
where o.id = any ($output_ids::bigint[])
  and not exists (select from headworks.tasks t where t.output_id = o.id and t.state = 'running');
