-- name: createRedrive :one
-- failed tasks that are to be put back into their queues
-- params: text, jsonb, int8, float8, int8, text
-- returns: id int8
insert into headworks.redrives (namespace, filter, newest_id, rate, tasks, created_by) values ($1, $2, $3, $4, $5, $6) returning id;

-- name: lockRunningRedrives :many
-- those that nobody else is putting forward at this moment, with the database's clock; instants in epoch milliseconds
-- params:
-- returns: id int8, namespace text, filter jsonb, newest_id int8, after_id int8, rate float8, allowance float8, looked_at float8, now float8
select id, namespace, filter, newest_id, after_id, rate, allowance, extract(epoch from looked_at)::double precision * 1000 as looked_at,
  extract(epoch from clock_timestamp())::double precision * 1000 as now
from headworks.redrives where state = 'running' order by id limit 10
for update skip locked;

-- name: advanceRedrive :exec
-- what it has put back, and where it stands; it is done when nothing is left
-- params: int8, int8, int8, float8, float8, bool
update headworks.redrives
set after_id = $2, retried = retried + $3, allowance = $4, looked_at = to_timestamp($5::double precision / 1000),
  state = case when $6 then 'done' else 'running' end, ended_at = case when $6 then clock_timestamp() end
where id = $1;

-- name: listRedrives :many
-- the latest first, those that run before all, after the place where a page ended
-- params: text, int4, int8, int8
-- returns: id int8, state text, filter jsonb, rate float8, tasks int8, retried int8, created_by text, created_at timestamptz, ended_at timestamptz
select id, state, filter, rate, tasks, retried, created_by, created_at, ended_at
from headworks.redrives r cross join lateral (select case when r.state = 'running' then 0 else 1 end as rank) as placed
where namespace = $1 and ($2::int4 is null or (rank, -id) > ($2, -$3::bigint))
order by rank, id desc limit $4;

-- name: findRedrive :one
-- one of them
-- params: int8
-- returns: id int8, state text, filter jsonb, rate float8, tasks int8, retried int8, created_by text, created_at timestamptz, ended_at timestamptz
select id, state, filter, rate, tasks, retried, created_by, created_at, ended_at from headworks.redrives where id = $1;

-- name: cancelRedrive :exec
-- running → cancelled: what it hasn't put back stays failed
-- params: int8
update headworks.redrives set state = 'cancelled', ended_at = clock_timestamp() where id = $1 and state = 'running';
