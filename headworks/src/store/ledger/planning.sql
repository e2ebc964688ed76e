-- name: insertOutputs :many
-- outputs that ought to exist, in the order given; those that were expected already are left alone and not returned. Instants are epoch seconds, null is now
-- params: text, _text, _text, _float8, _float8
-- returns: id int8, processor text, partition text
insert into headworks.outputs (namespace, processor, partition, opens_at, expected_by)
select $1, processor, partition, coalesce(to_timestamp(opens), now()), to_timestamp(expected_by)
from unnest($2::text[], $3::text[], $4::float8[], $5::float8[]) as wanted (processor, partition, opens, expected_by)
on conflict (namespace, processor, partition) do nothing
returning id, processor, partition;

-- name: insertFreeOutputs :one
-- the same for outputs that need nothing: each gets its task at once. Nobody else can see a new output, so that no lock is taken, and there is no task to meet
-- params: text, _text, _text, _float8, _float8
-- returns: outputs int8, released int8
with made as (
  insert into headworks.outputs (namespace, processor, partition, opens_at, expected_by)
  select $1, processor, partition, coalesce(to_timestamp(opens), now()), to_timestamp(expected_by)
  from unnest($2::text[], $3::text[], $4::float8[], $5::float8[]) as wanted (processor, partition, opens, expected_by)
  on conflict (namespace, processor, partition) do nothing
  returning id, processor, partition, opens_at
), released as (
  insert into headworks.tasks (output_id, namespace, processor, partition, queue, priority, state, due_at)
  select made.id, $1, made.processor, made.partition, p.queue, p.priority,
    case when made.opens_at > now() then 'scheduled' else 'ready' end, greatest(made.opens_at, now())
  from made
  join headworks.processors p on p.name = made.processor and p.retired_at is null
  returning id
)
select (select count(*) from made) as outputs, (select count(*) from released) as released;

-- name: readInstant :one
-- the time that counts: everybody plans by the database's clock
-- params:
-- returns: at timestamptz
select clock_timestamp() as at;

-- name: insertEdges :exec
-- needs between outputs that are both there; what is needed of a partition that never will be is left out
-- params: text, json
insert into headworks.edges (downstream_id, need, option, upstream_id, mode, accepts_degraded, any_of, member_of)
select d.id, wanted.need, wanted.option, u.id, wanted.mode, wanted.accepts_degraded, wanted.any_of, wanted.member_of
from json_to_recordset($2) as wanted (downstream_processor text, downstream_partition text, need smallint, option smallint,
  mode text, accepts_degraded boolean, any_of boolean, upstream_processor text, upstream_partition text, member_of text)
cross join lateral (
  select id from headworks.outputs o
  where o.namespace = $1 and o.processor = wanted.downstream_processor and o.partition = wanted.downstream_partition limit 1) as d
cross join lateral (
  select id from headworks.outputs o
  where o.namespace = $1 and o.processor = wanted.upstream_processor and o.partition = wanted.upstream_partition limit 1) as u
on conflict do nothing;

-- name: lockDiscoverers :exec
-- holds the outputs that these edges' members come from: no discovery may settle between our look and our commit
-- params: _int8
with discovering as materialized (
  select distinct e.upstream_id as id from unnest($1::bigint[]) as waiting (id)
  cross join lateral (
    select upstream_id from headworks.edges where downstream_id = waiting.id and length(member_of) > 0 offset 0) as e
  order by id
)
select from discovering cross join lateral (
  select from headworks.outputs where outputs.id = discovering.id for share) as o;

-- name: insertMemberEdges :exec
-- edges of these outputs to the members that are known already
-- params: _int8, json
insert into headworks.edges (downstream_id, need, option, upstream_id, mode, accepts_degraded, any_of)
with waits as materialized (
  select e.*, d.namespace, member.upstream_processor, member.set_name
  from headworks.edges e
  cross join lateral (select namespace, processor from headworks.outputs where outputs.id = e.downstream_id limit 1) as d
  join json_to_recordset($2) as member (downstream_processor text, need smallint, option smallint, upstream_processor text, set_name text)
    on member.downstream_processor = d.processor and member.need = e.need and member.option = e.option
  where e.downstream_id = any ($1::bigint[]) and e.member_of <> ''
), found as materialized (
  -- The offset keeps it a look by parent for each, and the comparison keeps it off the whole set, whatever the planner believes of the table.
  select waits.*, p.key from waits
  cross join lateral (
    select key from headworks.partitions p
    where p.parent = waits.member_of
      and (p.set_name, p.namespace) is not distinct from (waits.set_name, waits.namespace) offset 0) as p
)
select found.downstream_id, found.need, found.option, u.id, found.mode, found.accepts_degraded, found.any_of
from found
cross join lateral (
  select id from headworks.outputs u
  where u.namespace = found.namespace and u.processor = found.upstream_processor and u.partition = found.key limit 1) as u
on conflict do nothing;

-- name: insertDiscoveredEdges :exec
-- edges to the members that are known now, of every output that waits for the discovering ones
-- params: _int8, json
insert into headworks.edges (downstream_id, need, option, upstream_id, mode, accepts_degraded, any_of)
with waits as materialized (
  select e.*, d.namespace, member.upstream_processor, member.set_name
  from headworks.edges e
  cross join lateral (select namespace, processor from headworks.outputs where outputs.id = e.downstream_id limit 1) as d
  join json_to_recordset($2) as member (downstream_processor text, need smallint, option smallint, upstream_processor text, set_name text)
    on member.downstream_processor = d.processor and member.need = e.need and member.option = e.option
  where e.upstream_id = any ($1::bigint[]) and e.member_of <> ''
), found as materialized (
  -- The offset keeps it a look by parent for each, and the comparison keeps it off the whole set, whatever the planner believes of the table.
  select waits.*, p.key from waits
  cross join lateral (
    select key from headworks.partitions p
    where p.parent = waits.member_of
      and (p.set_name, p.namespace) is not distinct from (waits.set_name, waits.namespace) offset 0) as p
)
select found.downstream_id, found.need, found.option, u.id, found.mode, found.accepts_degraded, found.any_of
from found
cross join lateral (
  select id from headworks.outputs u
  where u.namespace = found.namespace and u.processor = found.upstream_processor and u.partition = found.key limit 1) as u
on conflict do nothing;

-- name: reopenReturned :many
-- the outputs of these partitions that were waived when their partition was withdrawn: expected again
-- params: text, text, _text
-- returns: id int8
update headworks.outputs o set status = 'expected', reason = null, settled_at = null
from (
  select found.id from headworks.processors p
  cross join unnest($3::text[]) as named (key)
  cross join lateral (
    select id from headworks.outputs
    where outputs.namespace = $1 and outputs.processor = p.name and outputs.partition = named.key limit 1) as found
  where p.definition ->> 'set' = $2
) as theirs
where o.id = any (array[theirs.id]) and o.status = 'waived' and o.reason = 'withdrawn'
returning o.id;

-- name: deleteMovedEdges :many
-- edges to members that now lie within another parent than the one that was waited for; gives the outputs that waited
-- params: text, text, _text
-- returns: id int8
with moved as materialized (
  select u.id, p.parent
  from unnest($3::text[]) as named (key)
  cross join lateral (
    select key, parent from headworks.partitions where namespace = $1 and set_name = $2 and partitions.key = named.key limit 1) as p
  join headworks.processors owner on owner.definition ->> 'set' = $2
  cross join lateral (
    select id from headworks.outputs o where o.namespace = $1 and o.processor = owner.name and o.partition = p.key limit 1) as u
)
delete from headworks.edges e
using moved
-- Of the one that is compared as a length no index knows: that of the key has it last, and would be gone through.
where e.upstream_id = any (array[moved.id]) and length(e.member_of) = 0
  and (select true from headworks.edges waits
    where waits.downstream_id = e.downstream_id and waits.need = e.need and waits.option = e.option and waits.member_of <> '' limit 1)
  and (select true from headworks.edges waits
    where waits.downstream_id = e.downstream_id and waits.need = e.need and waits.option = e.option and waits.member_of = moved.parent
    limit 1) is null
returning e.downstream_id as id;

-- name: upsertPartitions :many
-- the members that a run discovered; gives those that are new or that moved to another parent
-- params: text, text, int8, _text, _text
-- returns: key text, moved bool
insert into headworks.partitions (namespace, set_name, discovered_by, key, parent)
select $1, $2, $3, key, parent from unnest($4::text[], $5::text[]) as found (key, parent)
order by key
on conflict (namespace, set_name, key) do update
set parent = excluded.parent, discovered_by = excluded.discovered_by, discovered_at = now()
where (partitions.parent, partitions.discovered_by) is distinct from (excluded.parent, excluded.discovered_by)
returning key, xmax <> 0 as moved;

-- name: withdrawPartitions :many
-- members that this output discovered earlier and no longer names: their unsettled outputs are waived, their edges go
-- params: text, text, int8, _text
-- returns: id int8
with withdrawn as (
  delete from headworks.partitions
  -- By who discovered them: no index answers the other comparison. A subquery is hashed; an array would be gone through for each.
  where discovered_by = $3 and (namespace, set_name) is not distinct from ($1, $2) and key not in (select unnest($4::text[]))
  returning key
), waived as (
  update headworks.outputs o set status = 'waived', reason = 'withdrawn', vouched_by = null, settled_at = clock_timestamp()
  from (
    select found.id from withdrawn
    join headworks.processors p on p.definition ->> 'set' = $2
    cross join lateral (
      select id from headworks.outputs
      where outputs.namespace = $1 and outputs.processor = p.name and outputs.partition = withdrawn.key limit 1) as found
  ) as theirs
  where o.id = any (array[theirs.id]) and o.status in ('expected', 'degraded', 'failed')
  returning o.id
), cancelled as (
  delete from headworks.tasks t using waived where t.output_id = any (array[waived.id]) and t.state <> 'running'
)
select id from waived order by id;

-- name: listMembers :many
-- the discovered partitions of a set
-- params: text, text
-- returns: key text, parent text
select key, parent from headworks.partitions where namespace = $1 and set_name = $2;

-- name: deleteEdgesOf :many
-- the edges of unsettled outputs of these processors, whose needs have changed; gives the outputs
-- params: text, _text
-- returns: id int8, processor text, partition text
with unsettled as (
  select id, processor, partition from headworks.outputs
  where namespace = $1 and processor = any ($2::text[]) and status = 'expected'
), gone as (
  delete from headworks.edges e using unsettled where e.downstream_id = any (array[unsettled.id])
)
select id, processor, partition from unsettled;

-- name: deleteEdgesOfMembers :many
-- the edges of unsettled outputs of these partitions, which now lie elsewhere; gives the outputs
-- params: text, text, _text
-- returns: id int8, processor text, partition text
with unsettled as (
  select o.id, o.processor, o.partition from headworks.processors p
  cross join unnest($3::text[]) as named (key)
  cross join lateral (
    select id, processor, partition, status from headworks.outputs
    where outputs.namespace = $1 and outputs.processor = p.name and outputs.partition = named.key limit 1) as o
  where p.definition ->> 'set' = $2 and o.status = 'expected'
), gone as (
  delete from headworks.edges e using unsettled where e.downstream_id = any (array[unsettled.id])
)
select id, processor, partition from unsettled;

-- name: retractTasks :exec
-- the tasks of these outputs that don't run and haven't failed
-- params: _int8
delete from headworks.tasks where output_id = any ($1::bigint[]) and state in ('scheduled', 'ready', 'waiting');

-- name: findOutput :one
-- one row of the ledger by name
-- params: text, text, text
-- returns: id int8, status text
select id, status from headworks.outputs where namespace = $1 and processor = $2 and partition = $3;

-- name: listUpstreamStatuses :many
-- for each output upstream of this one: what `expect` may read of it, and what a run without changes would have read
-- params: int8
-- returns: processor text, partition text, status text, changed_by uuid, run_id uuid
select distinct u.processor, u.partition, u.status, u.changed_by, u.run_id
from headworks.edges e
cross join lateral (
  select processor, partition, status, changed_by, run_id from headworks.outputs where outputs.id = e.upstream_id limit 1) as u
where e.downstream_id = $1
order by u.processor, u.partition;

-- name: findReadSet :one
-- what the last complete run of this output had read
-- params: int8
-- returns: status text, read_set text
select status, read_set from headworks.outputs where id = $1;

-- name: findParents :many
-- the partitions that these discovered ones lie in, in the order they are named in; null for one that nothing has discovered
-- params: _text, _text, _text
-- returns: parent text
select found.parent
from unnest($1::text[], $2::text[], $3::text[]) with ordinality as asked (namespace, set_name, key, place)
-- The limit keeps it a look by key for each, whatever the planner believes of the table.
left join lateral (
  select parent from headworks.partitions p
  where p.namespace = asked.namespace and p.set_name = asked.set_name and p.key = asked.key limit 1) as found on true
order by asked.place;
