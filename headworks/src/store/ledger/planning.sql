-- from ../../domain/settlement/release.ts: NeedMode
-- from ../../domain/settlement/states.ts: LedgerStatus
-- type EdgeRow: downstream_processor text, downstream_partition text, need int2, option int2, mode text<NeedMode>,
--   accepts_degraded bool, any_of bool, upstream_processor text, upstream_partition text, member_of text
-- type MemberNeed: downstream_processor text, need int2, option int2, upstream_processor text, set_name text
-- type OutputKey: id int8, processor text, partition text
-- type UpstreamStatus: processor text, partition text, status text<LedgerStatus>, changed_by uuid?, run_id uuid?

-- name: insertOutputs :many
-- outputs that ought to exist, in the order given; those that were expected already are left alone and not returned. Instants are epoch seconds, null is now
-- params: namespace text, processor text[], partition text[], opens float8?[], expected_by float8?[]
-- returns: OutputKey
insert into headworks.outputs (namespace, processor, partition, opens_at, expected_by)
select $namespace, processor, partition, coalesce(to_timestamp(opens), now()), to_timestamp(expected_by)
from unnest($processor::text[], $partition::text[], $opens::float8[], $expected_by::float8[])
    as wanted (processor, partition, opens, expected_by)
on conflict (namespace, processor, partition) do nothing
returning id, processor, partition;

-- name: insertFreeOutputs :one
-- the same for outputs that need nothing: each gets its task at once. Nobody else can see a new output, so that no lock is taken, and there is no task to meet
-- params: namespace text, processor text[], partition text[], opens float8?[], expected_by float8?[]
-- returns: outputs int8, released int8
with made as (
  insert into headworks.outputs (namespace, processor, partition, opens_at, expected_by)
  select $namespace, processor, partition, coalesce(to_timestamp(opens), now()), to_timestamp(expected_by)
  from unnest($processor::text[], $partition::text[], $opens::float8[], $expected_by::float8[])
    as wanted (processor, partition, opens, expected_by)
  on conflict (namespace, processor, partition) do nothing
  returning id, processor, partition, opens_at
), released as (
  insert into headworks.tasks (output_id, namespace, processor, partition, queue, lane, priority, state, due_at)
  select made.id, $namespace, made.processor, made.partition, p.queue, headworks.lane_of($namespace), p.priority,
    case when made.opens_at > now() then 'scheduled' else 'ready' end, greatest(made.opens_at, now())
  from made
  join headworks.processors p on p.namespace = $namespace and p.name = made.processor and p.retired_at is null
  returning id
)
select (select count(*) from made) as outputs, (select count(*) from released) as released;

-- name: readInstant :one
-- the time that counts: everybody plans by the database's clock
-- returns: at timestamptz
select clock_timestamp() as at;

-- name: insertEdges :exec
-- needs between outputs that are both there; what another namespace than `prod` hasn't got is that of `prod`, and what is needed of a partition that never will be is left out
-- params: namespace text, edges json<EdgeRow[]>
insert into headworks.edges (downstream_id, need, option, upstream_id, mode, accepts_degraded, any_of, member_of, to_prod)
select d.id, wanted.need, wanted.option, u.id, wanted.mode, wanted.accepts_degraded, wanted.any_of, wanted.member_of, u.to_prod
from json_to_recordset($edges) as wanted (downstream_processor text, downstream_partition text, need smallint, option smallint,
  mode text, accepts_degraded boolean, any_of boolean, upstream_processor text, upstream_partition text, member_of text)
cross join lateral (
  select id from headworks.outputs o
  where o.namespace = $namespace and o.processor = wanted.downstream_processor and o.partition = wanted.downstream_partition limit 1) as d
cross join lateral (
  select id, false as to_prod from headworks.outputs o
  where o.namespace = $namespace and o.processor = wanted.upstream_processor and o.partition = wanted.upstream_partition
  union all
  select id, true from headworks.outputs o
  where $namespace <> 'prod' and o.namespace = 'prod' and o.processor = wanted.upstream_processor and o.partition = wanted.upstream_partition
  order by to_prod limit 1) as u
on conflict do nothing;

-- name: listUnexpected :many
-- of these slices, those that neither the namespace nor `prod` expects
-- params: namespace text, processor text[], partition text[]
-- returns: processor text, partition text
select asked.processor, asked.partition from unnest($processor::text[], $partition::text[]) as asked (processor, partition)
where (
    select true from headworks.outputs o
    where o.namespace = $namespace and o.processor = asked.processor and o.partition = asked.partition limit 1) is null
  and (
    select true from headworks.outputs o
    where o.namespace = 'prod' and o.processor = asked.processor and o.partition = asked.partition limit 1) is null;

-- name: listSelectedProcessors :many
-- of these processors, those of which a namespace has any output
-- params: namespace text, processors text[]
-- returns: name text
select asked.name from unnest($processors::text[]) as asked (name)
where exists (select from headworks.outputs o where o.namespace = $namespace and o.processor = asked.name);

-- name: lockDiscoverers :exec
-- holds the outputs that these edges' members come from: no discovery of the namespace may settle between our look and our commit
-- params: waiting int8[]
with discovering as materialized (
  select distinct e.upstream_id as id from unnest($waiting::bigint[]) as waiting (id)
  cross join lateral (
    select upstream_id from headworks.edges where downstream_id = waiting.id and length(member_of) > 0 and to_prod is not true offset 0) as e
  order by id
)
select from discovering cross join lateral (
  select from headworks.outputs where outputs.id = discovering.id for share) as o;

-- name: insertMemberEdges :exec
-- edges to the members that are known now, where they were discovered: of these outputs, and of every one that waits for the discovering ones
-- params: waiting int8[], discovering int8[], needs json<MemberNeed[]>
insert into headworks.edges (downstream_id, need, option, upstream_id, mode, accepts_degraded, any_of, to_prod)
with waits as materialized (
  select e.*, d.namespace, member.upstream_processor, member.set_name
  from (
    select * from headworks.edges where downstream_id = any ($waiting::bigint[]) and member_of <> ''
    union all
    select * from headworks.edges where upstream_id = any ($discovering::bigint[]) and member_of <> '' and not to_prod) as e
  cross join lateral (select namespace, processor from headworks.outputs where outputs.id = e.downstream_id limit 1) as d
  join json_to_recordset($needs) as member (downstream_processor text, need smallint, option smallint, upstream_processor text, set_name text)
    on member.downstream_processor = d.processor and member.need = e.need and member.option = e.option
), found as materialized (
  -- The offset keeps it a look by parent for each, and the comparison keeps it off the whole set, whatever the planner believes of the table.
  select waits.*, p.key from waits
  cross join lateral (
    select key from headworks.partitions p
    where p.parent = waits.member_of
      and (p.set_name, p.namespace) is not distinct from (waits.set_name, case when waits.to_prod then 'prod' else waits.namespace end)
    offset 0) as p
)
select found.downstream_id, found.need, found.option, u.id, found.mode, found.accepts_degraded, found.any_of, u.to_prod
from found
cross join lateral (
  select id, false as to_prod from headworks.outputs u
  where u.namespace = found.namespace and u.processor = found.upstream_processor and u.partition = found.key
  union all
  select id, true from headworks.outputs u
  where found.namespace <> 'prod' and u.namespace = 'prod' and u.processor = found.upstream_processor and u.partition = found.key
  order by to_prod limit 1) as u
on conflict do nothing;

-- name: reopenReturned :many
-- the outputs of these partitions that were waived when their partition was withdrawn: expected again
-- params: namespace text, set_name text, keys text[]
-- returns: id int8
update headworks.outputs o set status = 'expected', reason = null, settled_at = null
from (
  select found.id from headworks.processors p
  cross join unnest($keys::text[]) as named (key)
  cross join lateral (
    select id from headworks.outputs
    where outputs.namespace = $namespace and outputs.processor = p.name and outputs.partition = named.key limit 1) as found
  where p.namespace = $namespace and p.definition ->> 'set' = $set_name
) as theirs
where o.id = any (array[theirs.id]) and o.status = 'waived' and o.reason = 'withdrawn'
returning o.id;

-- name: deleteMovedEdges :many
-- edges to members that now lie within another parent than the one that was waited for; gives the outputs that waited
-- params: namespace text, set_name text, keys text[]
-- returns: id int8
with moved as materialized (
  select u.id, p.parent
  from unnest($keys::text[]) as named (key)
  cross join lateral (
    select key, parent from headworks.partitions where namespace = $namespace and set_name = $set_name and partitions.key = named.key limit 1) as p
  join headworks.processors owner on owner.namespace = $namespace and owner.definition ->> 'set' = $set_name
  cross join lateral (
    select id from headworks.outputs o where o.namespace = $namespace and o.processor = owner.name and o.partition = p.key limit 1) as u
)
delete from headworks.edges e
using moved
-- Of the one that is compared as a length no index knows: that of the key has it last, and would be gone through.
where e.upstream_id = any (array[moved.id]) and not e.to_prod and length(e.member_of) = 0
  and (select true from headworks.edges waits
    where waits.downstream_id = e.downstream_id and waits.need = e.need and waits.option = e.option and waits.member_of <> '' limit 1)
  and (select true from headworks.edges waits
    where waits.downstream_id = e.downstream_id and waits.need = e.need and waits.option = e.option and waits.member_of = moved.parent
    limit 1) is null
returning e.downstream_id as id;

-- name: upsertPartitions :many
-- the members that a run discovered; gives those that are new or that moved to another parent
-- params: namespace text, set_name text, discovered_by int8, key text[], parent text[]
-- returns: key text, moved bool
insert into headworks.partitions (namespace, set_name, discovered_by, key, parent)
select $namespace, $set_name, $discovered_by, key, parent from unnest($key::text[], $parent::text[]) as found (key, parent)
order by key
on conflict (namespace, set_name, key) do update
set parent = excluded.parent, discovered_by = excluded.discovered_by, discovered_at = now()
where (partitions.parent, partitions.discovered_by) is distinct from (excluded.parent, excluded.discovered_by)
returning key, xmax <> 0 as moved;

-- name: withdrawPartitions :many
-- members that this output discovered earlier and no longer names: their unsettled outputs are waived, their edges go
-- params: namespace text, set_name text, discovered_by int8, keys text[]
-- returns: id int8
with withdrawn as (
  delete from headworks.partitions
  -- By who discovered them: no index answers the other comparison. A subquery is hashed; an array would be gone through for each.
  where discovered_by = $discovered_by and (namespace, set_name) is not distinct from ($namespace, $set_name) and key not in (select unnest($keys::text[]))
  returning key
), waived as (
  update headworks.outputs o set status = 'waived', reason = 'withdrawn', vouched_by = null, settled_at = clock_timestamp()
  from (
    select found.id from withdrawn
    join headworks.processors p on p.namespace = $namespace and p.definition ->> 'set' = $set_name
    cross join lateral (
      select id from headworks.outputs
      where outputs.namespace = $namespace and outputs.processor = p.name and outputs.partition = withdrawn.key limit 1) as found
  ) as theirs
  where o.id = any (array[theirs.id]) and o.status in ('expected', 'degraded', 'failed')
  returning o.id
), cancelled as (
  delete from headworks.tasks t using waived where t.output_id = any (array[waived.id]) and t.state <> 'running'
)
select id from waived order by id;

-- name: listMembers :many
-- the discovered partitions of a set
-- params: namespace text, set_name text
-- returns: key text, parent text
select key, parent from headworks.partitions where namespace = $namespace and set_name = $set_name;

-- name: deleteEdgesOf :many
-- the edges of unsettled outputs of these processors, whose needs have changed; gives the outputs
-- params: namespace text, processors text[]
-- returns: OutputKey
with unsettled as (
  select id, processor, partition from headworks.outputs
  where namespace = $namespace and processor = any ($processors::text[]) and status = 'expected'
), gone as (
  delete from headworks.edges e using unsettled where e.downstream_id = any (array[unsettled.id])
)
select id, processor, partition from unsettled;

-- name: deleteEdgesOfMembers :many
-- the edges of unsettled outputs of these partitions, which now lie elsewhere; gives the outputs
-- params: namespace text, set_name text, keys text[]
-- returns: OutputKey
with unsettled as (
  select o.id, o.processor, o.partition from headworks.processors p
  cross join unnest($keys::text[]) as named (key)
  cross join lateral (
    select id, processor, partition, status from headworks.outputs
    where outputs.namespace = $namespace and outputs.processor = p.name and outputs.partition = named.key limit 1) as o
  where p.namespace = $namespace and p.definition ->> 'set' = $set_name and o.status = 'expected'
), gone as (
  delete from headworks.edges e using unsettled where e.downstream_id = any (array[unsettled.id])
)
select id, processor, partition from unsettled;

-- name: retractTasks :exec
-- the tasks of these outputs that don't run and haven't failed
-- params: outputs int8[]
delete from headworks.tasks where output_id = any ($outputs::bigint[]) and state in ('scheduled', 'ready', 'waiting');

-- name: findOutput :maybe
-- one row of the ledger by name
-- params: namespace text, processor text, partition text
-- returns: id int8, status text<LedgerStatus>
select id, status from headworks.outputs where namespace = $namespace and processor = $processor and partition = $partition;

-- name: listUpstreamStatuses :many
-- for each output upstream of this one: what `expect` may read of it, and what a run without changes would have read
-- params: output_id int8
-- returns: UpstreamStatus
select distinct u.processor, u.partition, u.status, u.changed_by, u.run_id
from headworks.edges e
cross join lateral (
  select processor, partition, status, changed_by, run_id from headworks.outputs where outputs.id = e.upstream_id limit 1) as u
where e.downstream_id = $output_id
order by u.processor, u.partition;

-- name: findReadSet :maybe
-- what the last complete run of this output had read
-- params: output_id int8
-- returns: status text<LedgerStatus>, read_set text?
select status, read_set from headworks.outputs where id = $output_id;

-- name: findParents :many
-- the partitions that these discovered ones lie in, in the order they are named in: as their namespace has it, else as `prod` has; null for one that nothing has discovered
-- params: namespace text[], set_name text[], key text[]
-- returns: parent text?
select found.parent
from unnest($namespace::text[], $set_name::text[], $key::text[]) with ordinality as asked (namespace, set_name, key, place)
-- The limit keeps it a look by key for each, whatever the planner believes of the table.
left join lateral (
  select parent, false as of_prod from headworks.partitions p
  where p.namespace = asked.namespace and p.set_name = asked.set_name and p.key = asked.key
  union all
  select parent, true from headworks.partitions p
  where asked.namespace <> 'prod' and p.namespace = 'prod' and p.set_name = asked.set_name and p.key = asked.key
  order by of_prod limit 1) as found on true
order by asked.place;
