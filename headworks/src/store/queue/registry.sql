-- name: lockRegistry :exec
-- one process at a time plans or registers
-- params:
select pg_advisory_xact_lock(4861379542);

-- name: upsertProcessors :many
-- the snapshot of the registry; gives the processors whose needs or partitions changed
-- params: json
-- returns: name text
with wanted as (
  select * from json_to_recordset($1) as p (name text, pipeline text, phase text, phase_index smallint, position smallint,
    criticality text, priority smallint, queue text, definition jsonb)
), before as (
  select name, definition from headworks.processors
), written as (
  insert into headworks.processors (name, pipeline, phase, phase_index, position, criticality, priority, queue, definition)
  select name, pipeline, phase, phase_index, position, criticality, priority, queue, definition from wanted
  on conflict (name) do update
  set pipeline = excluded.pipeline, phase = excluded.phase, phase_index = excluded.phase_index, position = excluded.position,
    criticality = excluded.criticality, priority = excluded.priority, queue = excluded.queue,
    definition = excluded.definition, retired_at = null
)
select wanted.name from wanted join before using (name)
where before.definition -> 'needs' is distinct from wanted.definition -> 'needs';

-- name: retireProcessors :many
-- processors that the configuration no longer has: their tasks go, their history stays
-- params: _text
-- returns: name text
with retired as (
  update headworks.processors set retired_at = now()
  where name <> all ($1::text[]) and retired_at is null
  returning name
), cancelled as (
  delete from headworks.tasks t using retired where t.processor = retired.name and t.state <> 'running'
)
select name from retired;

-- name: moveQueuedTasks :exec
-- live tasks follow their processor to another queue, and to another priority unless theirs was set by hand
-- params:
update headworks.tasks t set queue = p.queue, priority = case when t.priority_by_hand then t.priority else p.priority end
from headworks.processors p
where p.name = t.processor
  and (t.queue <> p.queue or (t.priority <> p.priority and not t.priority_by_hand));

-- name: upsertQueues :exec
-- limits as declared; tokens are kept, so that a restart gives no second burst
-- params: json
insert into headworks.queues as q (name, rate, burst, max_concurrent, tokens)
select name, rate, burst, max_concurrent, burst
from json_to_recordset($1) as wanted (name text, rate double precision, burst double precision, max_concurrent integer)
on conflict (name) do update
set rate = excluded.rate, burst = excluded.burst, max_concurrent = excluded.max_concurrent
where (q.rate, q.burst, q.max_concurrent) is distinct from (excluded.rate, excluded.burst, excluded.max_concurrent);

-- name: setCodeVersion :exec
-- from now on only runners of this code version claim
-- params: text
insert into headworks.registry (code_version) values ($1)
on conflict (only_row) do update set code_version = excluded.code_version, registered_at = now()
where registry.code_version <> excluded.code_version;

-- name: findCodeVersion :one
-- the code version that may claim
-- params:
-- returns: code_version text
select code_version from headworks.registry;
