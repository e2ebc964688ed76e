-- from ../../domain/dispatch/redrive.ts: RedriveState
-- from ../../domain/settlement/failure.ts: FailureFilter
-- type Redrive: id int8, state text<RedriveState>, filter jsonb<FailureFilter>, rate float8?, tasks int8, retried int8,
--   created_by text, created_at timestamptz, ended_at timestamptz?

-- name: createRedrive :one
-- failed tasks that are to be put back into their queues
-- params: namespace text, filter jsonb<FailureFilter>, newest_id int8, rate float8?, tasks int8, created_by text
-- returns: id int8
insert into headworks.redrives (namespace, filter, newest_id, rate, tasks, created_by) values ($namespace, $filter, $newest_id, $rate, $tasks, $created_by) returning id;

-- name: lockRunningRedrives :many
-- those that nobody else is putting forward at this moment, with the database's clock; instants in epoch milliseconds
-- returns: id int8, namespace text, filter jsonb<FailureFilter>, newest_id int8, after_id int8, rate float8?,
--   allowance float8, looked_at float8, now float8
select id, namespace, filter, newest_id, after_id, rate, allowance, extract(epoch from looked_at)::double precision * 1000 as looked_at,
  extract(epoch from clock_timestamp())::double precision * 1000 as now
from headworks.redrives where state = 'running' order by id limit 10
for update skip locked;

-- name: advanceRedrive :exec
-- what it has put back, and where it stands; it is done when nothing is left
-- params: id int8, after_id int8, retried int8, allowance float8, looked_at float8, is_done bool
update headworks.redrives
set after_id = $after_id, retried = retried + $retried, allowance = $allowance, looked_at = to_timestamp($looked_at::double precision / 1000),
  state = case when $is_done then 'done' else 'running' end, ended_at = case when $is_done then clock_timestamp() end
where id = $id;

-- name: listRedrives :many
-- the latest first, those that run before all, after the place where a page ended
-- params: namespace text, after_rank int4?, after_id int8?, limit int8
-- returns: Redrive
select id, state, filter, rate, tasks, retried, created_by, created_at, ended_at
from headworks.redrives r cross join lateral (select case when r.state = 'running' then 0 else 1 end as rank) as placed
where namespace = $namespace and ($after_rank::int4 is null or (rank, -id) > ($after_rank, -$after_id::bigint))
order by rank, id desc limit $limit;

-- name: findRedrive :maybe
-- one of them
-- params: id int8
-- returns: Redrive
select id, state, filter, rate, tasks, retried, created_by, created_at, ended_at from headworks.redrives where id = $id;

-- name: cancelRedrive :exec
-- running → cancelled: what it hasn't put back stays failed
-- params: id int8
update headworks.redrives set state = 'cancelled', ended_at = clock_timestamp() where id = $id and state = 'running';
