// A loop written by hand: claim, complete, one row of history. The limit of what PostgreSQL gives to one process.

import pg from "pg";
import { type Contender, inLots, type Place, type Session } from "../contender.ts";
import { driverVersion, workInLoops } from "./bare-loops.ts";

const CONNECTIONS = 4;
const SET = 1_000;

const TABLES = `
create schema bare;
create table bare.tasks (
  id bigint generated always as identity primary key,
  priority smallint not null default 0,
  due_at timestamptz not null default now(),
  payload text not null,
  claimed_at timestamptz
) with (fillfactor = 60);
create index on bare.tasks (priority, due_at, id) where claimed_at is null;
create table bare.history (
  id bigint generated always as identity primary key,
  task_id bigint not null, payload text not null, claimed_at timestamptz not null,
  ended_at timestamptz not null default clock_timestamp()
);`;

const ENQUEUE = {
  name: "enqueue",
  text: "insert into bare.tasks (payload) select * from unnest($1::text[])",
};
const CLAIM = {
  name: "claim",
  text: `update bare.tasks t set claimed_at = clock_timestamp()
    from (select id from bare.tasks where claimed_at is null and due_at <= now() order by priority, due_at, id
      limit $1 for update skip locked) as free
    where t.id = free.id returning t.id`,
};
const COMPLETE = {
  name: "complete",
  text: `with done as (delete from bare.tasks where id = any ($1::bigint[]) returning id, payload, claimed_at)
    insert into bare.history (task_id, payload, claimed_at) select id, payload, claimed_at from done`,
};

export const bare: Contender = {
  name: "bare",
  version: driverVersion,
  settings: `${CONNECTIONS} connections, sets of ${SET}`,
  keeps: "run history",
  open: openBare,
};

async function openBare({ databaseUrl }: Place): Promise<Session> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS + 2 });
  await pool.query(TABLES);
  const payloads = (size: number) => Array.from({ length: size }, (_, index) => `task ${index}`);
  return {
    enqueue: (count) => inLots(count, (size) => pool.query({ ...ENQUEUE, values: [payloads(size)] })),
    async enqueueOne() {
      await pool.query({ ...ENQUEUE, values: [payloads(1)] });
      await pool.query("notify bench_tasks");
    },
    work: (onStart) =>
      workInLoops({
        databaseUrl,
        connections: CONNECTIONS,
        async step(connection) {
          const { rows } = await connection.query<{ id: string }>({ ...CLAIM, values: [SET] });
          for (const _ of rows) onStart();
          if (rows.length > 0) await connection.query({ ...COMPLETE, values: [rows.map((row) => row.id)] });
          return rows.length;
        },
      }),
    async isSettled() {
      return (await pool.query("select from bare.tasks limit 1")).rows.length === 0;
    },
    async pile({ pending, settled }) {
      const some = "select 'task ' || n from generate_series(1, $1::int4) as n";
      await pool.query(`insert into bare.tasks (payload) ${some}`, [pending]);
      await pool.query(
        `insert into bare.history (task_id, payload, claimed_at)
         select n, 'task ' || n, now() from generate_series(1, $1::int4) as n`,
        [settled],
      );
      await pool.query("vacuum analyze bare.tasks, bare.history");
    },
    async postpone() {
      await pool.query("update bare.tasks set due_at = now() + interval '1 day'");
    },
    close: () => pool.end(),
  };
}
