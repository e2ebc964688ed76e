// What a database looks like when plans are made: young and in a lull, or with a little of everything.

import type { Database } from "./database.ts";

/** What has no rows in a lull, and is vacuumed then. The others are young: nothing is known of them. */
const EMPTIED = [
  "tasks",
  "workers",
  "staged_rows",
  "schedule_requests",
  "redrives",
  "archive_garbage",
  "dedupe_keys",
];

export async function lull(database: Database): Promise<void> {
  await database.query(`vacuum analyze ${named(EMPTIED)}`);
}

/** A hundred rows of what grows, of which the planner knows: a table of one page is read as a whole wherever that can be. */
export async function fillALittle(database: Database): Promise<void> {
  await database.query(A_LITTLE);
  await database.query(`analyze ${named(["processors", ...GROWING])}`);
}

function named(tables: readonly string[]): string {
  return tables.map((table) => `headworks.${table}`).join(", ");
}

const GROWING = ["outputs", "edges", "tasks", "partitions", "raw_documents", "artifacts"];

const A_LITTLE = `
insert into headworks.processors (namespace, name, pipeline, phase, phase_index, position, criticality, priority, queue, definition)
select 'prod', 'p' || n, 'all', 'all', 0, 0, 'normal', 0, 'default', '{}' from generate_series(0, 4) as n;
insert into headworks.outputs (namespace, processor, partition, opens_at)
select 'prod', 'p' || n % 5, n, now() from generate_series(1, 100) as n;
insert into headworks.edges (downstream_id, need, upstream_id, mode, accepts_degraded, any_of, member_of)
select id + 1, 0, id, 'required', false, id % 7 = 0, case when id % 9 = 0 then 'k' || id else '' end
from headworks.outputs where id < 100;
insert into headworks.tasks (output_id, namespace, processor, partition, queue, priority, state, waiting_since)
select id, namespace, processor, partition, 'default', 0, (array['scheduled', 'ready', 'waiting', 'failed'])[1 + id % 4], now()
from headworks.outputs;
insert into headworks.partitions (namespace, set_name, key, parent, discovered_by)
select 'prod', 's' || n % 3, 'k' || n, 'k' || n % 10, n from generate_series(1, 100) as n;
insert into headworks.raw_documents
  (source, method, url, request_hash, status, headers, hash, bytes, duration_ms, fetched_at, run_id)
select 's', 'GET', '/', n, 200, '{}', n, 1, 1, now(), gen_random_uuid() from generate_series(1, 100) as n;
insert into headworks.artifacts (namespace, path, state, temporary_name, bytes, hash, processor, partition, run_id)
select 'prod', n, 'published', n, 1, n, 'p1', n, gen_random_uuid() from generate_series(1, 100) as n;
`;
