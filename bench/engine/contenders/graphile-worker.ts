// graphile-worker with its local queue and batched completion, as its page on performance has it.

import { Logger, makeWorkerUtils, run } from "graphile-worker";
import pg from "pg";
import { type Contender, inLots, type Place, type Session } from "../contender.ts";
import { packageVersion } from "../package-version.ts";

const JOBS_AT_ONCE = 24;
const LOCAL_QUEUE = 500;

export const graphileWorker: Contender = {
  name: "graphile-worker",
  version: packageVersion("graphile-worker"),
  settings: `concurrentJobs ${JOBS_AT_ONCE}, localQueue ${LOCAL_QUEUE}, completeJobBatchDelay 0`,
  keeps: "nothing",
  open: openGraphile,
};

const silent = new Logger(() => () => undefined);

async function openGraphile({ databaseUrl }: Place): Promise<Session> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: JOBS_AT_ONCE + 1 });
  // A connection that breaks while idle is replaced; graphile-worker asks its users to hear of it.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  const utils = await makeWorkerUtils({ pgPool: pool, logger: silent });
  await utils.migrate();
  const job = { identifier: "noop", payload: {} };
  return {
    enqueue: (count) => inLots(count, (size) => utils.addJobs(Array.from({ length: size }, () => job))),
    async enqueueOne() {
      await utils.addJob("noop", {});
    },
    async work(onStart) {
      const runner = await run({
        pgPool: pool,
        logger: silent,
        noHandleSignals: true,
        taskList: { noop: () => onStart() },
        preset: {
          worker: {
            concurrentJobs: JOBS_AT_ONCE,
            maxPoolSize: JOBS_AT_ONCE + 1,
            localQueue: { size: LOCAL_QUEUE },
            completeJobBatchDelay: 0,
            failJobBatchDelay: 0,
          },
        },
      });
      return { stop: () => runner.stop() };
    },
    async isSettled() {
      return (await pool.query("select from graphile_worker._private_jobs limit 1")).rows.length === 0;
    },
    // What has settled is gone.
    async pile({ pending }) {
      await utils.addJob("noop", {});
      await pool.query(
        `insert into graphile_worker._private_jobs (task_id, payload)
         select task_id, payload from graphile_worker._private_jobs, generate_series(2, $1::int4)`,
        [pending],
      );
      await pool.query("vacuum analyze graphile_worker._private_jobs");
    },
    async postpone() {
      await pool.query("update graphile_worker._private_jobs set run_at = now() + interval '1 day'");
    },
    async close() {
      await utils.release();
      await pool.end();
    },
  };
}
