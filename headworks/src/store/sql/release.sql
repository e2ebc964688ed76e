-- name: reopenHealed :exec
-- settled outputs that made do with less than an upstream now has: expected again
-- params: _int8
update headworks.outputs o set status = 'expected', reason = 'upstream_healed', vouched_by = null
where o.status in ('complete', 'empty', 'degraded') and o.id in (
  select e.downstream_id from headworks.edges e
  where e.upstream_id = any ($1::bigint[]) and (e.accepts_degraded or e.mode = 'optional'));

-- name: lockDownstream :many
-- the unsettled outputs downstream of these, locked in key order: two last finishers must look one after the other
-- params: _int8
-- returns: id int8
with downstream as materialized (
  select distinct e.downstream_id as id from headworks.edges e where e.upstream_id = any ($1::bigint[])
)
select o.id from downstream join headworks.outputs o using (id)
where o.status = 'expected'
order by o.id
for update of o;

-- name: releaseOutputs :many
-- of these outputs, those whose edges are all satisfied get their task; the second array names the runs that let them go
-- params: _int8, _int8, _text
-- returns: id int8, queue text
insert into headworks.tasks (output_id, namespace, processor, partition, queue, priority, state, due_at, traceparent)
select o.id, o.namespace, o.processor, o.partition, p.queue, p.priority,
  case when o.opens_at > now() then 'scheduled' else 'ready' end, greatest(o.opens_at, now()),
  (select released.traceparent
   from unnest($2::bigint[], $3::text[]) as released (upstream_id, traceparent)
   join headworks.edges e on e.upstream_id = released.upstream_id and e.downstream_id = o.id
   limit 1)
from headworks.outputs o
join headworks.processors p on p.name = o.processor and p.retired_at is null
where o.id = any ($1::bigint[]) and o.status = 'expected'
  and not exists (
    select from headworks.edges e
    join headworks.outputs u on u.id = e.upstream_id
    where e.downstream_id = o.id and not e.any_of and not (
      u.status in ('complete', 'empty', 'waived')
      or (u.status = 'degraded' and (e.accepts_degraded or e.mode = 'optional'))
      or (u.status = 'failed' and e.mode = 'optional')))
  and not exists (
    select from (
      select e.need, e.option, bool_and(u.status in ('complete', 'empty', 'waived')
        or (u.status = 'degraded' and e.accepts_degraded)) as satisfied
      from headworks.edges e
      join headworks.outputs u on u.id = e.upstream_id
      where e.downstream_id = o.id and e.any_of
      group by e.need, e.option
    ) as options
    group by options.need having not bool_or(options.satisfied))
order by o.id
on conflict (output_id) do nothing
returning output_id as id, queue;

-- name: wakeWaiting :many
-- waiting → ready: tasks that waited for one of these outputs by name
-- params: _int8
-- returns: id int8
update headworks.tasks set state = 'ready', due_at = now(), waits_for = null
where state = 'waiting' and waits_for = any ($1::bigint[])
returning id;

-- name: listUnreleased :many
-- the sweep: expected outputs without a task, after this id
-- params: int8, int8
-- returns: id int8
select o.id from headworks.outputs o
where o.status = 'expected' and o.id > $1
  and not exists (select from headworks.tasks t where t.output_id = o.id)
order by o.id limit $2;
