-- from ../../domain/settlement/run-record.ts: Labels
-- type FoundDocument: url text, status int4, headers jsonb<Labels>, hash text

-- name: createSource :exec
-- the row that the limits of a source are kept in, unless it is there
-- params: name text
insert into headworks.sources (name) values ($name) on conflict do nothing;

-- name: reserveSlots :maybe
-- takes the next $slots slots, one every $every_us microseconds (GCRA); tells the database's clock, and when the first of them would come at an even rate
-- params: name text, slots int8, every_us int8
-- returns: now_us int8, first_us int8
with locked as (
  select name, next_slot_at, clock_timestamp() as now from headworks.sources where name = $name for update
), arriving as (
  select name, now, greatest(next_slot_at, now) as first_at from locked
)
update headworks.sources s
set next_slot_at = arriving.first_at + $slots::bigint * $every_us::bigint * interval '1 microsecond'
from arriving where s.name = arriving.name
returning (extract(epoch from arriving.now) * 1000000)::bigint as now_us,
  (extract(epoch from arriving.first_at) * 1000000)::bigint as first_us;

-- name: takeQuota :maybe
-- counts up to $wanted requests in this UTC hour or day ($per) as long as there are no more than $quota; tells how many, and the milliseconds to the next
-- params: name text, wanted int8, quota int8, per text
-- returns: granted int8, next_window_ms float8
with locked as (
  select name, quota_window_at, quota_used, clock_timestamp() as now from headworks.sources where name = $name for update
), counted as (
  select name, now, date_trunc($per, now, 'UTC') as window_at,
    case when quota_window_at = date_trunc($per, now, 'UTC') then quota_used else 0 end as used
  from locked
), granted as (
  select name, now, window_at, used, greatest(0, least($wanted::bigint, $quota::bigint - used)) as n from counted
)
update headworks.sources s
set quota_window_at = granted.window_at, quota_used = granted.used + granted.n
from granted where s.name = granted.name
returning granted.n as granted,
  extract(epoch from granted.window_at + case $per when 'day' then interval '24 hours' else interval '1 hour' end
    - granted.now)::double precision * 1000 as next_window_ms;

-- name: findDocument :maybe
-- the newest response to this request that wasn't an error, or, where $accept_missing, that said there is no such thing
-- params: source text, request_hash text, accept_missing bool
-- returns: FoundDocument
select url, status, headers, hash
from headworks.raw_documents
where source = $source and request_hash = $request_hash and (status < 400 or ($accept_missing and status in (404, 410)))
order by id desc limit 1;
