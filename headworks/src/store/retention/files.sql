-- name: beginWalk :maybe
-- whether this process is to walk today: the first that asks is
-- params: name text
-- returns: name text
insert into headworks.retention_walks as w (name, began_at) values ($name, clock_timestamp())
on conflict (name) do update set began_at = excluded.began_at where w.began_at < excluded.began_at - interval '23 hours'
returning name;

-- name: deleteOldDocuments :one
-- of the next so many responses after this one, those older than the milliseconds; what a repeat from the archive would read, and what a run that is kept got, stay; bodies that no other names may go
-- params: after_id int8, keep_ms int8, limit int8
-- returns: last_id int8?, looked int8, old int8, deleted int8
with next as materialized (
  select id, source, request_hash, status, run_id,
    fetched_at < clock_timestamp() - make_interval(secs => $keep_ms::bigint / 1000.0) as old
  from headworks.raw_documents where id > $after_id order by id limit $limit
), deleted as (
  delete from headworks.raw_documents d using next n where d.id = any (array[n.id]) and n.old
  and (select true from headworks.runs r where r.id = n.run_id limit 1) is null
  -- An error is never repeated; 404 and 410 are where the run asks whether there is such a thing.
  and (n.status >= 400 and n.status not in (404, 410) or exists (
    select from headworks.raw_documents newer
    where newer.source = n.source and newer.request_hash = n.request_hash and newer.id > n.id
      and (newer.status < 400 or n.status >= 400 and newer.status in (404, 410))))
  returning d.hash
), noted as (
  insert into headworks.archive_garbage (hash) select distinct hash from deleted
  on conflict (hash) do update set since = clock_timestamp()
)
select (select id from next order by id desc limit 1) as last_id, (select count(*) from next) as looked,
  (select count(*) from next where old) as old, (select count(*) from deleted) as deleted;

-- name: lockArchiveGarbage :many
-- bodies that nobody has named for so many milliseconds, and whether somebody does now; those that another process has are left to it
-- params: grace_ms int8, limit int8
-- returns: hash text, named bool
select g.hash, (select true from headworks.raw_documents d where d.hash = g.hash limit 1) is not null as named
from headworks.archive_garbage g
where g.since < (select clock_timestamp()) - make_interval(secs => $grace_ms::bigint / 1000.0)
order by g.since limit $limit for update skip locked;

-- name: listNamedBodies :many
-- those of these bodies that a response names
-- params: hashes text[]
-- returns: hash text
select distinct hash from headworks.raw_documents where hash = any ($hashes::text[]);

-- name: postponeGarbage :exec
-- bodies that somebody has just found in the archive, to be looked at again later
-- params: hashes text[]
update headworks.archive_garbage set since = clock_timestamp() where hash = any ($hashes::text[]);

-- name: forgetGarbage :exec
-- bodies that are gone, or named again
-- params: hashes text[]
delete from headworks.archive_garbage where hash = any ($hashes::text[]);

-- name: expireArtifacts :one
-- of the next so many artifacts after this one, those not written for so many milliseconds, nor found unchanged since, expire
-- params: after_namespace text, after_path text, keep_ms int8, limit int8
-- returns: last_namespace text?, last_path text?, looked int8, expired int8
with next as materialized (
  select namespace, path from headworks.artifacts
  where (namespace, path) > ($after_namespace, $after_path) order by namespace, path limit $limit
), last as materialized (
  select namespace, path from next order by namespace desc, path desc limit 1
), expired as (
  -- From the one to the other, so that a plan that was made while there were none reads no more than these.
  update headworks.artifacts a set state = 'expired'
  where (a.namespace, a.path) > ($after_namespace, $after_path)
    and (a.namespace, a.path) <= ((select namespace from last), (select path from last))
    and a.state = 'published' and a.settled_at < clock_timestamp() - make_interval(secs => $keep_ms::bigint / 1000.0)
    and (
      select true from headworks.outputs o
      cross join lateral (
        select from headworks.runs r where r.output_id = o.id and r.reason = 'unchanged'
          and r.id >= headworks.first_run_id((select clock_timestamp()) - make_interval(secs => $keep_ms::bigint / 1000.0)) limit 1) as unchanged
      where o.namespace = a.namespace and o.processor = a.processor and o.partition = a.partition limit 1) is null
  returning 1
)
select (select namespace from last) as last_namespace, (select path from last) as last_path,
  (select count(*) from next) as looked, (select count(*) from expired) as expired;

-- name: lockExpiredArtifacts :many
-- artifacts after this one that have expired, whose files may go; nobody can settle a new one of that name meanwhile
-- params: after_namespace text, after_path text, limit int8
-- returns: namespace text, path text, bytes int8
select namespace, path, bytes from headworks.artifacts where state = 'expired' and (namespace, path) > ($after_namespace, $after_path)
order by namespace, path limit $limit for update skip locked;

-- name: deleteArtifacts :exec
-- artifacts whose files are gone
-- params: namespace text[], path text[]
delete from headworks.artifacts a using unnest($namespace::text[], $path::text[]) as gone (namespace, path)
where a.namespace = gone.namespace and a.path = gone.path and a.state = 'expired';

-- name: countOldDocuments :one
-- responses that would go at this age in milliseconds (null: they have none), and bodies that nobody has named for so many milliseconds
-- params: keep_ms int8?, grace_ms int8
-- returns: rows int8, bodies int8
select (
  select count(*) from headworks.raw_documents d
  where d.fetched_at < (select clock_timestamp()) - make_interval(secs => $keep_ms::bigint / 1000.0)
    and not exists (select from headworks.runs r where r.id = d.run_id)
    and (d.status >= 400 and d.status not in (404, 410) or exists (
      select from headworks.raw_documents newer
      where newer.source = d.source and newer.request_hash = d.request_hash and newer.id > d.id
        and (newer.status < 400 or d.status >= 400 and newer.status in (404, 410))))
) as rows, (
  select count(*) from headworks.archive_garbage g
  where g.since < clock_timestamp() - make_interval(secs => $grace_ms::bigint / 1000.0)
    and not exists (select from headworks.raw_documents d where d.hash = g.hash)
) as bodies;

-- name: countOldArtifacts :one
-- artifacts that would go at this age in milliseconds (null: they have none), with those that have expired
-- params: keep_ms int8?
-- returns: files int8, bytes int8
select count(*) as files, coalesce(sum(a.bytes), 0)::bigint as bytes from headworks.artifacts a
where a.state = 'expired' or a.state = 'published'
  and a.settled_at < clock_timestamp() - make_interval(secs => $keep_ms::bigint / 1000.0)
  and not exists (
    select from headworks.outputs o join headworks.runs r on r.output_id = o.id
    where o.namespace = a.namespace and o.processor = a.processor and o.partition = a.partition and r.reason = 'unchanged'
      and r.id >= headworks.first_run_id(clock_timestamp() - make_interval(secs => $keep_ms::bigint / 1000.0)));
