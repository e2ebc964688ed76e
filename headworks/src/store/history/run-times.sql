-- name: listRunTimes :many
-- how long the latest successful runs of these processors took in a namespace, of the last 30 days; one that found nothing changed did nothing
-- params: processors text[], samples int8, namespace text
-- returns: processor text, samples int8, p95_ms float8
select wanted.name as processor, count(*) as samples, percentile_disc(0.95) within group (order by latest.ms) as p95_ms
from unnest($processors::text[]) as wanted (name)
cross join lateral (
  select extract(epoch from r.ended_at - r.claimed_at)::double precision * 1000 as ms
  from headworks.runs r
  where r.namespace = $namespace and r.processor = wanted.name and r.outcome = 'success' and r.reason is distinct from 'unchanged'
    and r.id >= headworks.first_run_id(now() - interval '30 days')
  order by r.id desc limit $samples
) as latest
group by wanted.name;
