// Loops written by hand that write the very rows of Headworks, on its own tables: task, run, ledger row, fence. Each of
// these can be left out, which shows what it costs.

import { randomUUID } from "node:crypto";
import type pg from "pg";
import { openDatabase } from "../../../headworks/src/store/database.ts";
import { migrate } from "../../../headworks/src/store/migrate.ts";
import { type Contender, inLots, type Place, type Session } from "../contender.ts";
import { driverVersion, workInLoops } from "./bare-loops.ts";
import { pileHeadworks, postponeHeadworks } from "./headworks-pile.ts";

const CONNECTIONS = 4;
const SET = 1_000;
const WORKER = "00000000-0000-7000-8000-000000000001";

/** What the loop does beyond claiming and deleting its task. */
interface Features {
  history: boolean;
  ledger: boolean;
  fence: boolean;
  /** A token bucket and a count of running tasks in the queue's row. */
  limits: boolean;
  /** The indexes by which Headworks finds a task by its output or its worker, and runs by output and processor. */
  indexes: boolean;
}

const NAMES: readonly (keyof Features)[] = ["history", "ledger", "fence", "limits", "indexes"];

/** The loop that does as much as Headworks for a queue without limits. */
export const bareSameRows = bareOn("bare-same-rows", {
  history: true,
  ledger: true,
  fence: true,
  limits: false,
  indexes: true,
});

/** From a claim and a delete to a limited queue, with one feature more each. */
export const bareByFeature: readonly Contender[] = [
  bareOn("bare-task-only", { history: false, ledger: false, fence: false, limits: false, indexes: true }),
  bareOn("bare-with-history", { history: true, ledger: false, fence: false, limits: false, indexes: true }),
  bareOn("bare-with-ledger", { history: true, ledger: true, fence: false, limits: false, indexes: true }),
  bareOn("bare-no-indexes", { history: true, ledger: true, fence: true, limits: false, indexes: false }),
  bareSameRows,
  bareOn("bare-with-limits", { history: true, ledger: true, fence: true, limits: true, indexes: true }),
];

function bareOn(name: string, features: Features): Contender {
  const kept = NAMES.filter((feature) => features[feature]);
  return {
    name,
    version: driverVersion,
    settings: `${CONNECTIONS} connections, sets of ${SET}`,
    keeps: kept.length === 0 ? "nothing" : kept.join(", "),
    pilesSlowly: true,
    open: (place) => openBare(place, features),
  };
}

const ENQUEUE = `
with planned as (
  insert into headworks.outputs (namespace, processor, partition, opens_at)
  select 'prod', 'noop', partition, now() from unnest($1::text[]) as partition returning id, partition
)
insert into headworks.tasks (output_id, namespace, processor, partition, queue, priority, state)
select id, 'prod', 'noop', partition, 'bench', 0, 'ready' from planned`;

const DROP_INDEXES =
  "drop index headworks.tasks_output, headworks.tasks_running, headworks.runs_output, headworks.runs_processor";

const GRANT = `
with granted as (
  update headworks.queues set claims = claims + 1, refilled_at = clock_timestamp(),
    tokens = least(burst, tokens + rate * extract(epoch from clock_timestamp() - refilled_at)) - $1
  where name = 'bench' and max_concurrent >= $1
    + (select count(*) from headworks.tasks where queue = 'bench' and state = 'running')
  returning $1::int4 as n
), picked as (`;

function claimText({ limits }: Features): string {
  return `${limits ? GRANT : "with picked as ("}
  select id, row_number() over () as place from (
    select id from headworks.tasks where queue = 'bench' and state = 'ready' and not alone
    order by priority, due_at, id limit ${limits ? "(select n from granted)" : "$1::int4"} for update skip locked) as free
)
update headworks.tasks t set state = 'running', worker_id = '${WORKER}', attempt = attempt + 1,
  run_id = ($2::uuid[])[picked.place], claimed_at = clock_timestamp()
from picked where t.id = picked.id
returning t.id, t.output_id, t.run_id, t.attempt, t.partition, t.due_at, t.claimed_at`;
}

/** One statement for all that is written: the fence decides what of it is. */
function completeText({ history, ledger, fence }: Features): string {
  const held = fence
    ? `select c.* from claimed c join headworks.tasks t on t.id = c.id and t.worker_id = '${WORKER}' and t.attempt = c.attempt
       where t.state = 'running' order by t.id for update of t`
    : "select * from claimed";
  return `
with claimed as (
  select * from unnest($1::bigint[], $2::bigint[], $3::uuid[], $4::int4[], $5::text[], $6::timestamptz[], $7::timestamptz[])
    as c (id, output_id, run_id, attempt, partition, due_at, claimed_at)
), held as (${held})
${
  history
    ? `, written as (
  insert into headworks.runs (id, task_id, output_id, namespace, processor, partition, attempt, attempt_used, outcome,
    worker_id, code_version, traceparent, due_at, claimed_at, ended_at)
  select run_id, id, output_id, 'prod', 'noop', partition, attempt, true, 'success', '${WORKER}', 'bench',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', due_at, claimed_at, clock_timestamp() from held
)`
    : ""
}${
  ledger
    ? `, settled as (
  update headworks.outputs o set status = 'complete', outcome = 'success', records = 0, settled_at = clock_timestamp(),
    run_id = held.run_id, changed_at = clock_timestamp(), read_set = ''
  from held where o.id = held.output_id
)`
    : ""
}
delete from headworks.tasks t using held where t.id = held.id`;
}

interface Claimed {
  id: string;
  output_id: string;
  run_id: string;
  attempt: number;
  partition: string;
  due_at: string;
  claimed_at: string;
}

async function openBare({ databaseUrl }: Place, features: Features): Promise<Session> {
  const database = openDatabase({ url: databaseUrl, role: "bench", maxConnections: 2 });
  await migrate(database);
  if (!features.indexes) await database.query(DROP_INDEXES);
  await database.query(
    `insert into headworks.queues (name, rate, burst, max_concurrent, tokens) values ('bench', 1e9, 1e9, 1e6, 1e9)`,
  );
  const claim = { name: "claim", text: claimText(features) };
  const complete = { name: "complete", text: completeText(features), types: asText };
  let next = 0;
  const enqueue = async (size: number) => {
    const keys = Array.from({ length: size }, () => `${next++}`);
    await database.query({ name: "enqueue", text: ENQUEUE, values: [keys] });
  };

  async function step(connection: pg.Client, onStart: () => void): Promise<number> {
    const runIds = Array.from({ length: SET }, () => randomUUID());
    const { rows } = await connection.query<Claimed>({ ...claim, values: [SET, runIds], types: asText });
    for (const _ of rows) onStart();
    if (rows.length === 0) return 0;
    const column = (name: keyof Claimed) => rows.map((row) => row[name]);
    const values = [
      column("id"),
      column("output_id"),
      column("run_id"),
      column("attempt"),
      column("partition"),
      column("due_at"),
      column("claimed_at"),
    ];
    await connection.query({ ...complete, values });
    return rows.length;
  }

  return {
    enqueue: (count) => inLots(count, enqueue),
    async enqueueOne() {
      await enqueue(1);
      await database.query("notify bench_tasks");
    },
    work: (onStart) =>
      workInLoops({ databaseUrl, connections: CONNECTIONS, step: (connection) => step(connection, onStart) }),
    async isSettled() {
      return (await database.query("select from headworks.tasks limit 1")).rows.length === 0;
    },
    pile: (store) => pileHeadworks(database, store, "bench"),
    postpone: () => postponeHeadworks(database),
    close: () => database.end(),
  };
}

/** Values go back as they came: nothing is parsed. */
const asText = { getTypeParser: () => (value: string) => value };
