-- name: tryBackupLock :one
-- takes the lock that lets one backup at a time work on this database; held by the session
-- returns: taken bool
select pg_try_advisory_lock(4861379542) as taken;

-- name: lockMigrationsForRestore :exec
-- keeps migrations of other processes out until the transaction ends
select pg_advisory_xact_lock(4861379541);

-- name: listKeptTables :many
-- the tables of a schema whose rows survive a crash, with their columns; partitions belong to their parents
-- params: schema text
-- returns: name text, partitioned bool, columns text[]
select c.relname::text as name, c.relkind = 'p' as partitioned,
  (select array_agg(a.attname::text order by a.attnum) from pg_catalog.pg_attribute a
   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns
from pg_catalog.pg_class c
where c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = $schema::text)
  and c.relkind in ('r', 'p') and c.relpersistence = 'p' and not c.relispartition
order by c.relname;

-- name: listTablePartitions :many
-- the partitions of a schema's tables, parents before children, with what it takes to make them again
-- params: schema text
-- returns: name text, parent text, bounds text, divided_by text?, options text[]?
with recursive tree as (
  select c.oid, 0 as depth from pg_catalog.pg_class c
  where c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = $schema::text)
    and c.relkind = 'p' and not c.relispartition
  union all
  select i.inhrelid, t.depth + 1 from tree t join pg_catalog.pg_inherits i on i.inhparent = t.oid
)
select c.relname::text as name, p.relname::text as parent, pg_get_expr(c.relpartbound, c.oid) as bounds,
  pg_get_partkeydef(c.oid) as divided_by, c.reloptions as options
from tree t
join pg_catalog.pg_class c on c.oid = t.oid
join pg_catalog.pg_inherits i on i.inhrelid = c.oid
join pg_catalog.pg_class p on p.oid = i.inhparent
where t.depth > 0
order by t.depth, c.relname;

-- name: listReferences :many
-- which tables of a schema refer to which others
-- params: schema text
-- returns: name text, refers_to text
select c.relname::text as name, r.relname::text as refers_to
from pg_catalog.pg_constraint k
join pg_catalog.pg_class c on c.oid = k.conrelid
join pg_catalog.pg_class r on r.oid = k.confrelid
where k.contype = 'f' and k.connamespace = (select oid from pg_catalog.pg_namespace where nspname = $schema::text) and c.oid <> r.oid;

-- name: listSequences :many
-- where the sequences of a schema stand; one that was never used has no last value
-- params: schema text
-- returns: name text, last_value text?
select sequencename::text as name, last_value::text from pg_catalog.pg_sequences where schemaname = $schema::text order by sequencename;

-- name: setSequence :one
-- lets a sequence go on after a value
-- params: schema text, name text, value text
-- returns: value int8
select setval(format('%I.%I', $schema::text, $name::text)::regclass, $value::text::bigint) as value;

-- name: listNamespaces :many
-- the namespaces whose schemas hold datasets
-- returns: name text
select name from headworks.namespaces order by name;

-- name: listAppliedMigrations :many
-- the migrations of this database
-- returns: version int4, name text, hash text
select version, name, hash from headworks.migrations order by version;

-- name: readMoment :one
-- when, by the database's clock, and where
-- returns: at timestamptz, postgres int4, database text, code_version text?
select clock_timestamp() as at, current_setting('server_version_num')::int4 / 10000 as postgres,
  current_database()::text as database, (select code_version from headworks.namespaces where name = 'prod') as code_version;

-- name: listOwnSchemas :many
-- those of the schemas named that hold anything
-- params: schemas text[]
-- returns: name text
select n.nspname::text as name from pg_catalog.pg_namespace n
where n.nspname = any ($schemas::text[])
  and (exists (select from pg_catalog.pg_class c where c.relnamespace = n.oid)
    or exists (select from pg_catalog.pg_proc p where p.pronamespace = n.oid))
order by n.nspname;

-- name: hasBegun :one
-- whether a database that is migrated has been worked with
-- returns: begun bool
select exists (select from headworks.namespaces where code_version is not null) or exists (select from headworks.outputs)
  or exists (select from headworks.datasets) as begun;

-- name: countLiveWorkers :one
-- workers whose lease holds
-- returns: workers int8
select count(*) as workers from headworks.workers where lease_expires_at > clock_timestamp();

-- name: settleRestoredArtifacts :exec
-- files of a backup wait under their temporary names to be published; one may be newer than its row
-- params: namespace text[], path text[], temporary_name text[], bytes int8[], hash text[]
update headworks.artifacts a
set state = 'settled', temporary_name = f.temporary_name, bytes = f.bytes, hash = f.hash,
  unpublished_since = null, publish_error = null
from unnest($namespace::text[], $path::text[], $temporary_name::text[], $bytes::int8[], $hash::text[]) as f (namespace, path, temporary_name, bytes, hash)
where a.namespace = f.namespace and a.path = f.path;

-- name: publishUnrestoredArtifacts :exec
-- files that are not in the backup are not waited for
update headworks.artifacts set state = 'published', unpublished_since = null, publish_error = null where state = 'settled';
