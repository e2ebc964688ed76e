-- from ./columns.ts: StoredColumn
-- type ColumnRow: table_name text, kind text, column_name text, type text, not_null bool, key_place int4?,
--   key_name text?
-- type StoredDataset: namespace text, name text, columns jsonb<StoredColumn[]>, key text[]

-- name: listTableColumns :many
-- the columns of every table and view of a namespace's schema, with the place of each in its primary key
-- params: schema text
-- returns: ColumnRow
select c.relname::text as table_name, c.relkind::text as kind, a.attname::text as column_name,
  format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as not_null,
  array_position(p.conkey, a.attnum) as key_place, p.conname::text as key_name
from pg_catalog.pg_namespace n
join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm', 'f')
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_catalog.pg_constraint p on p.conrelid = c.oid and p.contype = 'p'
where n.nspname = $schema::text
order by c.relname, a.attnum;

-- name: listIndexedColumns :many
-- the tables of a namespace's schema with the columns by which they have an index, each the first in it
-- params: schema text
-- returns: table_name text, columns text[]
select c.relname::text as table_name, array_agg(distinct a.attname::text) as columns
from pg_catalog.pg_namespace n
join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'p')
join pg_catalog.pg_index i on i.indrelid = c.oid and i.indpred is null
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
where n.nspname = $schema::text
group by c.relname;

-- name: listDatasets :many
-- the datasets that were applied to a namespace
-- params: namespace text
-- returns: name text
select name from headworks.datasets where namespace = $namespace order by name;

-- name: listEveryDataset :many
-- the datasets of all namespaces as they were applied
-- returns: StoredDataset
select namespace, name, columns, key from headworks.datasets order by namespace, name;

-- name: saveDataset :exec
-- remembers what was applied
-- params: namespace text, name text, columns jsonb<StoredColumn[]>, key text[]
insert into headworks.datasets (namespace, name, columns, key) values ($namespace, $name, $columns, $key)
on conflict (namespace, name) do update set columns = excluded.columns, key = excluded.key, applied_at = now();

-- name: lockDatasets :exec
-- one at a time changes the tables of a namespace; released with the transaction
-- params: namespace text
select pg_advisory_xact_lock(hashtextextended('headworks datasets ' || $namespace, 0));

-- name: countStagedRowsOf :many
-- how many rows of each run were staged for a dataset
-- params: run_ids uuid[], dataset text
-- returns: run_id uuid, rows int8
select run_id, count(*) as rows from headworks.staged_rows where run_id = any ($run_ids::uuid[]) and dataset = $dataset group by run_id;
