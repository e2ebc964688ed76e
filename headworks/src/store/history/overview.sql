-- from ../../domain/criticality.ts: Criticality
-- from ../../domain/settlement/outcome.ts: Outcome
-- from ../../domain/settlement/problem.ts: ProblemKind
-- type ProcessorCounts: pipeline text, phase text, phase_index int2, processor text, criticality text<Criticality>,
--   expected int8, complete int8, empty int8, degraded int8, failed int8, waived int8, running int8, waiting int8,
--   queued int8, blocked int8, overdue int8, unvouched int8
-- type Problem: pipeline text, phase text, processor text, criticality text<Criticality>, kind text<ProblemKind>,
--   outcome text<Outcome>?, reason text?, fingerprint text?, outputs int8, overdue int8, unbounded int8, given_up int8,
--   since timestamptz, partition text, message text, records int8?, expected_min int8?, run_id uuid?, blocks int8
-- type RunningRun: run_id uuid!, processor text, partition text, attempt int4, claimed_at timestamptz!
-- type ServerFacts: version text, major int4, fsync text, synchronous_commit text, full_page_writes text,
--   now timestamptz

-- name: countByProcessor :many
-- of each processor, what is expected by now, in the words of a person: running, waiting, queued, blocked are read from the task
-- params: namespace text
-- returns: ProcessorCounts
with ledger as (
  -- Of a large ledger nearly all rows are settled: they are counted without a look at the tasks.
  select processor, status, count(*) as outputs, count(*) filter (where expected_by < now()) as past,
    count(*) filter (where vouched_by = 'nobody') as unvouched
  from headworks.outputs
  where namespace = $namespace and opens_at <= now()
  group by processor, status
), tasked as (
  select o.processor, o.status,
    count(*) filter (where t.state = 'running') as running,
    count(*) filter (where t.state = 'failed') as failed,
    count(*) filter (where t.state = 'waiting' or (t.state = 'scheduled' and t.last_outcome is not null)) as waiting,
    count(*) filter (where t.state = 'ready' or (t.state = 'scheduled' and t.last_outcome is null)) as queued
  from headworks.tasks t
  join headworks.outputs o on o.id = t.output_id
  where o.namespace = $namespace and o.opens_at <= now()
  group by o.processor, o.status
), counted as (
  select l.processor, l.status, l.outputs, l.unvouched, coalesce(t.running, 0) as running,
    case when l.status in ('expected', 'degraded') then l.past else 0 end as overdue,
    l.outputs - coalesce(t.running, 0) as resting,
    case when l.status = 'expected' then coalesce(t.failed, 0) else 0 end as failed,
    case when l.status = 'expected' then coalesce(t.waiting, 0) else 0 end as waiting,
    case when l.status = 'expected' then coalesce(t.queued, 0) else 0 end as queued
  from ledger l
  left join tasked t on t.processor = l.processor and t.status = l.status
)
select p.pipeline, p.phase, p.phase_index, p.name as processor, p.criticality,
  coalesce(sum(s.outputs), 0)::int8 as expected,
  coalesce(sum(s.resting) filter (where s.status = 'complete'), 0)::int8 as complete,
  coalesce(sum(s.resting) filter (where s.status = 'empty'), 0)::int8 as empty,
  coalesce(sum(s.resting) filter (where s.status = 'degraded'), 0)::int8 as degraded,
  coalesce(sum(case when s.status = 'failed' then s.resting else s.failed end), 0)::int8 as failed,
  coalesce(sum(s.resting) filter (where s.status = 'waived'), 0)::int8 as waived,
  coalesce(sum(s.running), 0)::int8 as running,
  coalesce(sum(s.waiting), 0)::int8 as waiting,
  coalesce(sum(s.queued), 0)::int8 as queued,
  coalesce(sum(s.resting - s.failed - s.waiting - s.queued) filter (where s.status = 'expected'), 0)::int8 as blocked,
  coalesce(sum(s.overdue), 0)::int8 as overdue,
  coalesce(sum(s.unvouched), 0)::int8 as unvouched
from headworks.processors p
left join counted s on s.processor = p.name
where p.namespace = $namespace and p.retired_at is null
group by p.namespace, p.name
order by p.pipeline, p.phase_index, p.position;

-- name: listProblems :many
-- what isn't as it should be, grouped by its cause, with an example and with how much waits for it; what waits for another problem is no cause
-- params: namespace text, limit int8
-- returns: Problem
with recursive problems as materialized (
  select o.id, o.processor, o.partition, o.run_id, o.records, o.expected_min,
    case
      when o.status = 'failed' or (o.status = 'expected' and t.state = 'failed') then 'failed'
      when o.status = 'degraded' then 'degraded'
      when t.state is null then 'blocked'
      when t.state = 'waiting' then 'waiting'
      when t.last_outcome is not null then 'retrying'
      when t.state = 'running' then 'running'
      else 'queued'
    end as kind,
    coalesce(t.last_outcome, o.outcome) as outcome,
    coalesce(t.last_reason, o.reason) as reason,
    case when t.last_outcome is null then o.fingerprint else t.fingerprint end as fingerprint,
    coalesce(t.last_error, '') as message,
    o.status in ('expected', 'degraded') and coalesce(o.expected_by < now(), false) as overdue,
    o.expected_by is null as unbounded,
    t.state is null or t.state = 'failed' as given_up,
    coalesce(t.waiting_since, case when o.status in ('failed', 'degraded') then o.settled_at end, o.expected_by, o.created_at) as since
  from headworks.outputs o
  left join headworks.tasks t on t.output_id = o.id
  where o.namespace = $namespace and o.opens_at <= now() and (
    o.status in ('failed', 'degraded')
    or (o.status = 'expected'
      and (t.state in ('waiting', 'failed') or t.last_outcome is not null or o.expected_by < now())))
), causes as (
  -- What hasn't ended yet has no cause of its own, whatever it ended with before it was expected again.
  select id, processor, partition, run_id, records, expected_min, kind, message, overdue, unbounded, given_up, since,
    ending.outcome, ending.reason, ending.fingerprint,
    dense_rank() over (order by processor, kind, ending.fingerprint) as cause
  from problems
  left join lateral (select outcome, reason, fingerprint) as ending on kind in ('failed', 'degraded', 'waiting', 'retrying')
), blocked (cause, id) as (
  select c.cause, e.downstream_id
  from causes c
  join headworks.edges e on e.upstream_id = c.id and not e.to_prod
  join headworks.outputs d on d.id = e.downstream_id and d.status = 'expected' and d.opens_at <= now()
  where not exists (select from headworks.tasks t where t.output_id = d.id)
  union
  select b.cause, e.downstream_id
  from blocked b
  join headworks.edges e on e.upstream_id = b.id and not e.to_prod
  join headworks.outputs d on d.id = e.downstream_id and d.status = 'expected' and d.opens_at <= now()
  where not exists (select from headworks.tasks t where t.output_id = d.id)
), impact as (
  select cause, count(*) as blocks from blocked group by cause
)
select p.pipeline, p.phase, c.processor, p.criticality, c.kind, min(c.outcome) as outcome, min(c.reason) as reason, min(c.fingerprint) as fingerprint,
  count(*) as outputs, count(*) filter (where c.overdue) as overdue, count(*) filter (where c.unbounded) as unbounded,
  count(*) filter (where c.given_up) as given_up, min(c.since) as since,
  (array_agg(c.partition order by c.since desc, c.partition desc))[1] as partition,
  (array_agg(c.message order by c.since desc, c.partition desc))[1] as message,
  (array_agg(c.records order by c.since desc, c.partition desc))[1] as records,
  (array_agg(c.expected_min order by c.since desc, c.partition desc))[1] as expected_min,
  (array_agg(c.run_id order by c.since desc, c.partition desc))[1] as run_id,
  coalesce(max(impact.blocks), 0) as blocks
from causes c
join headworks.processors p on p.namespace = $namespace and p.name = c.processor and p.retired_at is null
left join impact on impact.cause = c.cause
where c.kind <> 'blocked' or not exists (select from blocked b where b.id = c.id)
group by c.cause, p.pipeline, p.phase, p.phase_index, p.position, c.processor, p.criticality, p.priority, c.kind
order by p.priority, p.phase_index, p.position, count(*) desc, c.cause
limit $limit;

-- name: listRunning :many
-- what runs now in a namespace, the longest first
-- params: limit int8, namespace text
-- returns: RunningRun
select run_id, processor, partition, attempt, claimed_at
from headworks.tasks where state = 'running' and namespace = $namespace order by claimed_at limit $limit;

-- name: countOpenTasks :one
-- the work that is left now: tasks that will run, of outputs whose time has come
-- params: namespace text
-- returns: tasks int8
select count(*) as tasks
from headworks.tasks t
join headworks.outputs o on o.id = t.output_id
where t.namespace = $namespace and t.state <> 'failed' and o.opens_at <= now();

-- name: countEndedRuns :one
-- the runs of a namespace claimed since an id that have ended since an instant
-- params: since_id uuid, since timestamptz, namespace text
-- returns: runs int8
select count(*) as runs from headworks.runs where id >= $since_id and ended_at >= $since and namespace = $namespace;

-- name: listProcessorNames :many
-- the names of the processors that are registered in a namespace
-- params: namespace text
-- returns: name text
select name from headworks.processors where namespace = $namespace and retired_at is null order by pipeline, phase_index, position;

-- name: readServer :one
-- what a doctor wants to know of the database
-- returns: ServerFacts
select current_setting('server_version') as version, current_setting('server_version_num')::int4 / 10000 as major,
  current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit,
  current_setting('full_page_writes') as full_page_writes, clock_timestamp() as now;
