-- name: createSource :exec
-- the row that the limits of a source are kept in, unless it is there
-- params: text
insert into headworks.sources (name) values ($1) on conflict do nothing;

-- name: reserveSlots :one
-- takes the next $2 slots, one every $3 microseconds (GCRA); tells the database's clock, and when the first of them would come at an even rate
-- params: text, int8, int8
-- returns: now_us int8, first_us int8
with locked as (
  select name, next_slot_at, clock_timestamp() as now from headworks.sources where name = $1 for update
), arriving as (
  select name, now, greatest(next_slot_at, now) as first_at from locked
)
update headworks.sources s
set next_slot_at = arriving.first_at + $2::bigint * $3::bigint * interval '1 microsecond'
from arriving where s.name = arriving.name
returning (extract(epoch from arriving.now) * 1000000)::bigint as now_us,
  (extract(epoch from arriving.first_at) * 1000000)::bigint as first_us;

-- name: takeQuota :one
-- counts up to $2 requests in this UTC hour or day ($4) as long as there are no more than $3; tells how many, and the milliseconds to the next
-- params: text, int8, int8, text
-- returns: granted int8, next_window_ms float8
with locked as (
  select name, quota_window_at, quota_used, clock_timestamp() as now from headworks.sources where name = $1 for update
), counted as (
  select name, now, date_trunc($4, now, 'UTC') as window_at,
    case when quota_window_at = date_trunc($4, now, 'UTC') then quota_used else 0 end as used
  from locked
), granted as (
  select name, now, window_at, used, greatest(0, least($2::bigint, $3::bigint - used)) as n from counted
)
update headworks.sources s
set quota_window_at = granted.window_at, quota_used = granted.used + granted.n
from granted where s.name = granted.name
returning granted.n as granted,
  extract(epoch from granted.window_at + case $4 when 'day' then interval '24 hours' else interval '1 hour' end
    - granted.now)::double precision * 1000 as next_window_ms;

-- name: findDocument :one
-- the newest response to this request that wasn't an error, or, where $3, that said there is no such thing
-- params: text, text, bool
-- returns: url text, status int4, headers jsonb, hash text
select url, status, headers, hash
from headworks.raw_documents
where source = $1 and request_hash = $2 and (status < 400 or ($3 and status in (404, 410)))
order by id desc limit 1;
