-- name: findArtifactInTheWay :maybe
-- a file that lies where this path has a folder, or within this path; one that has expired is as good as gone
-- params: namespace text, path text, folders text[]
-- returns: path text, processor text, partition text
select found.path, found.processor, found.partition from unnest($folders::text[]) as folder
cross join lateral (
  select path, processor, partition from headworks.artifacts
  where namespace = $namespace and path = folder and state <> 'expired' limit 1
) as found
union all
select path, processor, partition from headworks.artifacts
where namespace = $namespace and path > $path::text || '/' and path < $path::text || '0' and state <> 'expired'
limit 1;

-- name: publishArtifacts :exec
-- files that now have their final name; a temporary name is given once
-- params: temporary_names text[]
update headworks.artifacts set state = 'published', unpublished_since = null, publish_error = null
where temporary_name = any ($temporary_names::text[]) and state = 'settled';

-- name: noteUnpublished :exec
-- files that could not be given their names, and why; the first time there is an event
-- params: temporary_name text[], kind text[], error text[]
with noted as (
  update headworks.artifacts a
  set unpublished_since = coalesce(a.unpublished_since, statement_timestamp()), publish_error = f.error
  from unnest($temporary_name::text[], $kind::text[], $error::text[]) as f (temporary_name, kind, error)
  where a.temporary_name = any (array[f.temporary_name]) and a.state = 'settled'
  returning a.namespace, a.path, a.temporary_name, f.kind, f.error, a.unpublished_since = statement_timestamp() as is_first
)
insert into headworks.events (kind, subject, message, details)
select kind, namespace || '/' || path, error, jsonb_build_object('temporary_name', temporary_name)
from noted where is_first;

-- name: listUnpublishedArtifacts :many
-- files that a crash left between settlement and renaming; whoever settled an overdue one has had minutes to rename it
-- returns: namespace text, path text, temporary_name text, overdue bool, publish_error text?
select namespace, path, temporary_name, settled_at < clock_timestamp() - interval '5 minutes' as overdue, publish_error
from headworks.artifacts where state = 'settled' order by settled_at;

-- name: listUnpublishable :many
-- files that could not be published, the oldest first, and how many there are in all
-- params: namespace text, limit int8
-- returns: path text, processor text, partition text, error text?, since timestamptz?, all_files int8
select path, processor, partition, publish_error as error, unpublished_since as since, count(*) over () as all_files
from headworks.artifacts
where state = 'settled' and publish_error is not null and namespace = $namespace
order by unpublished_since, path limit $limit;
