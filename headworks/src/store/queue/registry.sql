-- from ../../domain/criticality.ts: Criticality
-- type ProcessorRow: name text, pipeline text, phase text, phase_index int2, position int2,
--   criticality text<Criticality>, priority int2, queue text, definition jsonb
-- type DeclaredQueue: name text, rate float8?, burst float8, max_concurrent int4?

-- name: lockRegistry :exec
-- one process at a time plans or registers in a namespace
-- params: namespace text
select pg_advisory_xact_lock(hashtextextended('headworks registry ' || $namespace, 0));

-- name: upsertProcessors :many
-- the snapshot of a namespace's registry; gives the processors whose needs or partitions changed
-- params: namespace text, processors json<ProcessorRow[]>
-- returns: name text
with wanted as (
  select * from json_to_recordset($processors) as p (name text, pipeline text, phase text, phase_index smallint, position smallint,
    criticality text, priority smallint, queue text, definition jsonb)
), before as (
  select name, definition from headworks.processors where namespace = $namespace
), written as (
  insert into headworks.processors (namespace, name, pipeline, phase, phase_index, position, criticality, priority, queue, definition)
  select $namespace, name, pipeline, phase, phase_index, position, criticality, priority, queue, definition from wanted
  on conflict (namespace, name) do update
  set pipeline = excluded.pipeline, phase = excluded.phase, phase_index = excluded.phase_index, position = excluded.position,
    criticality = excluded.criticality, priority = excluded.priority, queue = excluded.queue,
    definition = excluded.definition, retired_at = null
)
select wanted.name from wanted join before using (name)
where before.definition -> 'needs' is distinct from wanted.definition -> 'needs';

-- name: retireProcessors :many
-- processors that the configuration no longer has: their tasks go, their history stays
-- params: namespace text, kept text[]
-- returns: name text
with retired as (
  update headworks.processors set retired_at = now()
  where namespace = $namespace and name <> all ($kept::text[]) and retired_at is null
  returning namespace, name
), cancelled as (
  delete from headworks.tasks t using retired where t.namespace = retired.namespace and t.processor = retired.name and t.state <> 'running'
)
select name from retired;

-- name: moveQueuedTasks :exec
-- the tasks of a namespace follow their processor to another queue, and to another priority unless theirs was set by hand
-- params: namespace text
update headworks.tasks t set queue = p.queue, priority = case when t.priority_by_hand then t.priority else p.priority end
from headworks.processors p
where t.namespace = $namespace and p.namespace = t.namespace and p.name = t.processor
  and (t.queue <> p.queue or (t.priority <> p.priority and not t.priority_by_hand));

-- name: upsertQueues :exec
-- limits as declared; tokens are kept, so that a restart gives no second burst
-- params: queues json<DeclaredQueue[]>
insert into headworks.queues as q (name, rate, burst, max_concurrent, tokens)
select name, rate, burst, max_concurrent, burst
from json_to_recordset($queues) as wanted (name text, rate double precision, burst double precision, max_concurrent integer)
on conflict (name) do update
set rate = excluded.rate, burst = excluded.burst, max_concurrent = excluded.max_concurrent
where (q.rate, q.burst, q.max_concurrent) is distinct from (excluded.rate, excluded.burst, excluded.max_concurrent);

-- name: insertMissingQueues :exec
-- queues that only another namespace than `prod` has; where `prod` has one, its limits hold
-- params: queues json<DeclaredQueue[]>
insert into headworks.queues (name, rate, burst, max_concurrent, tokens)
select name, rate, burst, max_concurrent, burst
from json_to_recordset($queues) as wanted (name text, rate double precision, burst double precision, max_concurrent integer)
on conflict (name) do nothing;

-- name: setCodeVersion :exec
-- from now on only runners of this code version claim in the namespace
-- params: namespace text, code_version text
update headworks.namespaces set code_version = $code_version, registered_at = now()
where name = $namespace and code_version is distinct from $code_version;

-- name: findCodeVersion :maybe
-- the code version that may claim in a namespace
-- params: namespace text
-- returns: code_version text!
select code_version from headworks.namespaces where name = $namespace and code_version is not null;

-- name: createNamespace :exec
-- a namespace that overlays `prod`; one that is there stays as it is
-- params: name text, kind text
insert into headworks.namespaces (name, kind) values ($name, $kind) on conflict (name) do nothing;

-- name: listNamespaceNames :many
-- every namespace, `prod` first
-- returns: name text
select name from headworks.namespaces order by name <> 'prod', name;
