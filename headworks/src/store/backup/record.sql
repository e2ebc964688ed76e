-- name: endDeadBackups :exec
-- whoever holds the lock is alone: others that are said to run were cut off
-- params:
update headworks.backups set state = 'failed', ended_at = clock_timestamp(), error = 'it was interrupted'
where state = 'running';

-- name: beginBackup :one
-- a backup that somebody asked for begins
-- params: text
-- returns: id int8
insert into headworks.backups (state, host) values ('running', $1) returning id;

-- name: beginScheduledBackup :many
-- the backup of the present slot begins, unless it is there or was tried a short while ago
-- params: text, int8, int8
-- returns: id int8
with slot as (
  select to_timestamp(floor(extract(epoch from clock_timestamp()) * 1000 / $2::bigint) * $2::bigint / 1000) as at
)
insert into headworks.backups (state, host, slot_at, every_ms)
select 'running', $1::text, slot.at, $2::bigint from slot
where not exists (
  select from headworks.backups b
  where b.slot_at = slot.at
    and (b.state = 'done' or b.started_at > clock_timestamp() - make_interval(secs => $3::bigint / 1000.0))
)
returning id;

-- name: endBackup :exec
-- a backup is there
-- params: int8, text, int8, int8
update headworks.backups set state = 'done', ended_at = clock_timestamp(), file = $2, bytes = $3, rows = $4 where id = $1;

-- name: failBackup :exec
-- a backup could not be taken
-- params: int8, text
update headworks.backups set state = 'failed', ended_at = clock_timestamp(), error = $2 where id = $1;

-- name: findFailedSlot :one
-- how the last try at the present slot's backup failed, while the slot has none
-- params: int8
-- returns: host text, error text
select b.host, b.error from headworks.backups b
where b.slot_at = to_timestamp(floor(extract(epoch from clock_timestamp()) * 1000 / $1::bigint) * $1::bigint / 1000)
  and b.state = 'failed'
  and not exists (select from headworks.backups done where done.slot_at = b.slot_at and done.state = 'done')
order by b.id desc limit 1;

-- name: listBackups :many
-- the latest backups from before an id, the newest first
-- params: int8, int8
-- returns: id int8, state text, scheduled bool, host text, started_at timestamptz, ended_at timestamptz, file text, bytes int8, rows int8, error text
select id, state, slot_at is not null as scheduled, host, started_at, ended_at, file, bytes, rows, error
from headworks.backups where id < $1 order by id desc limit $2;

-- name: readBackupStatus :one
-- how old the last backup is, what the last try came to, and how often there ought to be one
-- params:
-- returns: done_at timestamptz, done_file text, age_ms int8, last_state text, last_error text, every_ms int8
select d.ended_at as done_at, d.file as done_file,
  (extract(epoch from clock_timestamp() - d.started_at) * 1000)::int8 as age_ms,
  l.state as last_state, l.error as last_error,
  (select every_ms from headworks.backups where every_ms is not null order by id desc limit 1) as every_ms
from (select) as one
left join lateral (select * from headworks.backups where state = 'done' order by id desc limit 1) d on true
left join lateral (select * from headworks.backups where state <> 'running' order by id desc limit 1) l on true;
