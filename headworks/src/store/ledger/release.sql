-- name: lockOutputs :exec
-- the outputs that are being settled, of the second ones those downstream, and those that are named, in key order: whoever settles two of one fan-in, or what somebody is about to wait for, looks one after the other
-- params: own int8[], settling int8[], namespace text[], processor text[], partition text[]
with wanted as materialized (
  select unnest($own::bigint[]) as id
  union
  select e.downstream_id from unnest($settling::bigint[]) as settled (id)
  cross join lateral (select downstream_id from headworks.edges where upstream_id = settled.id and not to_prod offset 0) as e
  union
  select o.id from unnest($namespace::text[], $processor::text[], $partition::text[]) as named (namespace, processor, partition)
  cross join lateral (
    select id from headworks.outputs o
    where o.namespace = named.namespace and o.processor = named.processor and o.partition = named.partition limit 1) as o
  order by id
)
-- One row at a time by its key, whatever the statistics say: a plan that reads the whole ledger is never right here.
select from wanted cross join lateral (select from headworks.outputs where outputs.id = wanted.id for update) as o;

-- name: reopenHealed :exec
-- settled outputs that made do with less than the first upstream ones now have, or that used what the second ones have made anew: expected again
-- params: healed int8[], redone int8[]
update headworks.outputs o set status = 'expected', reason = 'upstream_healed', vouched_by = null
from (
  select distinct e.downstream_id as id
  from (select unnest($healed::bigint[]) as id, false as redone union all select unnest($redone::bigint[]), true) as settled
  cross join lateral (
    select downstream_id from headworks.edges
    where upstream_id = settled.id and not to_prod and (settled.redone or accepts_degraded or mode = 'optional') offset 0) as e
) as healed
where o.id = any (array[healed.id]) and o.status in ('complete', 'empty', 'degraded');

-- name: reopenOutdated :many
-- of these outputs, which have just settled, those that ran while an upstream was on its way to other rows than they saw: expected again
-- params: output_id int8[], claimed_at timestamptz[]
-- returns: id int8
update headworks.outputs o set status = 'expected', reason = 'upstream_healed', vouched_by = null
from unnest($output_id::bigint[], $claimed_at::timestamptz[]) as settled (id, claimed_at)
where o.id = any (array[settled.id]) and o.status in ('complete', 'empty', 'degraded') and (
  select true from headworks.edges e
  cross join lateral (select status, changed_at from headworks.outputs where outputs.id = e.upstream_id limit 1) as u
  -- Said so, as no index has it: one would be gone through as a whole beside the key.
  where e.downstream_id = o.id and e.to_prod is not true and (e.accepts_degraded or e.mode = 'optional')
    and u.status in ('complete', 'empty') and u.changed_at > settled.claimed_at
  limit 1)
returning o.id;

-- name: lockUpstream :exec
-- holds what these outputs need and isn't there: none of it may settle between our look and our commit. What this transaction itself has written, nobody else can settle
-- params: downstream int8[]
with upstream as materialized (
  select distinct e.upstream_id as id from unnest($downstream::bigint[]) as held (id)
  cross join lateral (select upstream_id from headworks.edges where downstream_id = held.id and to_prod is not true offset 0) as e
  order by id
)
select from upstream cross join lateral (
  select from headworks.outputs
  where outputs.id = upstream.id and status in ('expected', 'degraded', 'failed')
    and xmin <> pg_current_xact_id()::xid for share) as o;

-- name: releaseOutputs :one
-- of these outputs, and of those downstream of the settled ones, each whose edges are all satisfied gets its task, and tasks that waited for a settled one by name are ready; the last array names the runs that release them
-- params: candidates int8[], settled int8[], traceparent text?[]
-- returns: released int8
with looked as materialized (
  select id, max(traceparent) as traceparent from (
    select candidate as id, null as traceparent from unnest($candidates::bigint[]) as candidate
    union all
    select e.downstream_id, settled.traceparent from unnest($settled::bigint[], $traceparent::text[]) as settled (id, traceparent)
    cross join lateral (select downstream_id from headworks.edges where upstream_id = settled.id and not to_prod offset 0) as e
  ) as every group by id order by id
), locked as materialized (
  -- One that is being settled right now is looked at as its settlement leaves it.
  select o.*, looked.traceparent from looked cross join lateral (
    select id, namespace, processor, partition, opens_at, status
    from headworks.outputs where outputs.id = looked.id for update) as o
), released as materialized (
  -- Scalar subqueries, so that each output's edges are read by their key and the first open one ends the look.
  select o.id, o.namespace, o.processor, o.partition, p.queue, p.priority, o.opens_at, o.traceparent
  from locked o
  join headworks.processors p on p.namespace = o.namespace and p.name = o.processor and p.retired_at is null
  where o.status = 'expected'
    and (
      select true from headworks.edges e
      cross join lateral (select status from headworks.outputs where outputs.id = e.upstream_id limit 1) as u
      where e.downstream_id = o.id and not e.any_of and not (
        u.status in ('complete', 'empty', 'waived')
        or (u.status = 'degraded' and (e.accepts_degraded or e.mode = 'optional'))
        or (u.status = 'failed' and e.mode = 'optional'))
      limit 1) is null
    and (
      select true from (
        select e.need, e.option, bool_and(u.status in ('complete', 'empty', 'waived')
          or (u.status = 'degraded' and e.accepts_degraded)) as satisfied
        from headworks.edges e
        cross join lateral (select status from headworks.outputs where outputs.id = e.upstream_id limit 1) as u
        where e.downstream_id = o.id and e.any_of
        group by e.need, e.option
      ) as options
      group by options.need having not bool_or(options.satisfied)
      limit 1) is null
), made as (
  insert into headworks.tasks (output_id, namespace, processor, partition, queue, lane, priority, state, due_at, traceparent)
  select r.id, r.namespace, r.processor, r.partition, r.queue, headworks.lane_of(r.namespace), r.priority,
    case when r.opens_at > now() then 'scheduled' else 'ready' end, greatest(r.opens_at, now()), r.traceparent
  from released r
  order by r.id
  on conflict (output_id) do nothing
  returning id
), woken as (
  update headworks.tasks set state = 'ready', due_at = now(), waits_for = null
  from unnest($settled::bigint[]) as settled (upstream_id)
  -- As a case, the state offers no plan that goes through the index of all that is due.
  where waits_for = any (array[settled.upstream_id]) and waits_for is not null and case when state = 'waiting' then true end
  returning tasks.id
)
select (select count(*) from made) + (select count(*) from woken) as released;

-- name: lookForUnreleased :one
-- the sweep: of the next rows of the ledger after this id, the expected ones of a namespace without a task. No index finds them: one on a status would have to be written with every settlement
-- params: namespace text, after_id int8, rows int8
-- returns: looked int8, last_id int8, unreleased int8[]
select count(*) as looked, coalesce(max(o.id), $after_id) as last_id,
  coalesce(array_agg(o.id order by o.id) filter (where o.status = 'expected' and o.namespace = $namespace
    and not exists (select from headworks.tasks t where t.output_id = o.id)), '{}') as unreleased
from (select id, namespace, status from headworks.outputs where id > $after_id order by id limit $rows) as o;
