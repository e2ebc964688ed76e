-- from ../../domain/backup.ts: BackupState, EndedBackupState
-- type BackupRow: id int8, state text<BackupState>, scheduled bool, host text, started_at timestamptz,
--   ended_at timestamptz?, file text?, bytes int8?, rows int8?, error text?
-- type BackupStatus: done_at timestamptz?, done_file text?, age_ms int8?, last_state text<EndedBackupState>?,
--   last_error text?, every_ms int8?

-- name: endDeadBackups :exec
-- whoever holds the lock is alone: others that are said to run were cut off
update headworks.backups set state = 'failed', ended_at = clock_timestamp(), error = 'it was interrupted'
where state = 'running';

-- name: beginBackup :one
-- a backup that somebody asked for begins
-- params: host text
-- returns: id int8
insert into headworks.backups (state, host) values ('running', $host) returning id;

-- name: beginScheduledBackup :maybe
-- the backup of the present slot begins, unless it is there or was tried a short while ago
-- params: host text, every_ms int8, retry_ms int8
-- returns: id int8
with slot as (
  select to_timestamp(floor(extract(epoch from clock_timestamp()) * 1000 / $every_ms::bigint) * $every_ms::bigint / 1000) as at
)
insert into headworks.backups (state, host, slot_at, every_ms)
select 'running', $host::text, slot.at, $every_ms::bigint from slot
where not exists (
  select from headworks.backups b
  where b.slot_at = slot.at
    and (b.state = 'done' or b.started_at > clock_timestamp() - make_interval(secs => $retry_ms::bigint / 1000.0))
)
returning id;

-- name: endBackup :exec
-- a backup is there
-- params: id int8, file text, bytes int8, rows int8
update headworks.backups set state = 'done', ended_at = clock_timestamp(), file = $file, bytes = $bytes, rows = $rows where id = $id;

-- name: failBackup :exec
-- a backup could not be taken
-- params: id int8, error text
update headworks.backups set state = 'failed', ended_at = clock_timestamp(), error = $error where id = $id;

-- name: findFailedSlot :maybe
-- how the last try at the present slot's backup failed, while the slot has none
-- params: every_ms int8
-- returns: host text, error text!
select b.host, b.error from headworks.backups b
where b.slot_at = to_timestamp(floor(extract(epoch from clock_timestamp()) * 1000 / $every_ms::bigint) * $every_ms::bigint / 1000)
  and b.state = 'failed'
  and not exists (select from headworks.backups done where done.slot_at = b.slot_at and done.state = 'done')
order by b.id desc limit 1;

-- name: listBackups :many
-- the latest backups from before an id, the newest first
-- params: before_id int8, limit int8
-- returns: BackupRow
select id, state, slot_at is not null as scheduled, host, started_at, ended_at, file, bytes, rows, error
from headworks.backups where id < $before_id order by id desc limit $limit;

-- name: readBackupStatus :one
-- how old the last backup is, what the last try came to, and how often there ought to be one
-- returns: BackupStatus
select d.ended_at as done_at, d.file as done_file,
  (extract(epoch from clock_timestamp() - d.started_at) * 1000)::int8 as age_ms,
  l.state as last_state, l.error as last_error,
  (select every_ms from headworks.backups where every_ms is not null order by id desc limit 1) as every_ms
from (select) as one
left join lateral (select * from headworks.backups where state = 'done' order by id desc limit 1) d on true
left join lateral (select * from headworks.backups where state <> 'running' order by id desc limit 1) l on true;
