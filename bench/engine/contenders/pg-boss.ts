// pg-boss with four workers that take batches and go on at once while these are full.

import pg from "pg";
import { PgBoss } from "pg-boss";
import { type Contender, inLots, type Place, type Session } from "../contender.ts";
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
    async close() {
      await pool.end();
      await boss.stop({ graceful: false });
    },
  };
}
