// pg-boss with four workers that take batches and go on at once while these are full.

import pg from "pg";
import { PgBoss } from "pg-boss";
import { type Contender, inLots, type Place, type Session, type Store } from "../contender.ts";
import { packageVersion } from "../package-version.ts";

const WORKERS = 4;
const BATCH = 1_000;
const QUEUE = "noop";

export const pgBoss: Contender = {
  name: "pg-boss",
  version: packageVersion("pg-boss"),
  settings: `localConcurrency ${WORKERS}, batchSize ${BATCH}, burstWhenBatchFull, notify`,
  keeps: "the job itself, marked as completed",
  open: openPgBoss,
};

async function openPgBoss({ databaseUrl }: Place): Promise<Session> {
  const boss = new PgBoss({ connectionString: databaseUrl, useListenNotify: true });
  const failures: Error[] = [];
  boss.on("error", (error) => failures.push(error));
  await boss.start();
  await boss.createQueue(QUEUE, { notify: true });
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  const job = { data: {} };
  return {
    enqueue: (count) =>
      inLots(count, (size) =>
        boss.insert(
          QUEUE,
          Array.from({ length: size }, () => job),
        ),
      ),
    async enqueueOne() {
      await boss.send(QUEUE, {});
    },
    async work(onStart) {
      await boss.work(
        QUEUE,
        { localConcurrency: WORKERS, batchSize: BATCH, burstWhenBatchFull: true },
        async (jobs) => {
          for (const _ of jobs) onStart();
        },
      );
      return { stop: () => boss.offWork(QUEUE) };
    },
    async isSettled() {
      if (failures[0] !== undefined) throw failures[0];
      return (await pool.query("select from pgboss.job where state < 'completed' limit 1")).rows.length === 0;
    },
    pile: (store) => pilePgBoss(pool, store),
    async postpone() {
      await pool.query("update pgboss.job set start_after = now() + interval '1 day' where state < 'active'");
    },
    async close() {
      await pool.end();
      await boss.stop({ graceful: false });
    },
  };
}

const COLUMNS = "name, data, retry_limit, expire_seconds, deletion_seconds, keep_until, policy";

/** Copies of one job. They are of a queue that exists: checking that for each of millions only takes time. */
async function pilePgBoss(pool: pg.Pool, { pending, settled }: Store): Promise<void> {
  const connection = await pool.connect();
  const like = `from (select ${COLUMNS} from model) as job, generate_series(1, $1::int4)`;
  await connection.query("begin");
  await connection.query("set local session_replication_role = replica");
  await connection.query("truncate pgboss.job");
  await connection.query(
    `create temporary table model on commit drop as
     select '${QUEUE}'::text as name, '{}'::jsonb as data, 2 as retry_limit, 900 as expire_seconds,
       604800 as deletion_seconds, now() + interval '14 days' as keep_until, 'standard'::text as policy`,
  );
  await connection.query(
    `insert into pgboss.job (id, ${COLUMNS}, state, started_on, completed_on)
     select uuidv7(), job.*, 'completed', now(), now() ${like}`,
    [settled],
  );
  await connection.query(`insert into pgboss.job (${COLUMNS}) select job.* ${like}`, [pending]);
  await connection.query("commit");
  await connection.query("vacuum analyze pgboss.job");
  connection.release();
}
