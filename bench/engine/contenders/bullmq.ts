// BullMQ on Redis. It keeps nothing in PostgreSQL: its figures are those of a store in memory that is synced every second.

import { Queue, Worker } from "bullmq";
import { Redis } from "ioredis";
import { type Contender, inLots, type Place, type Session } from "../contender.ts";
import { packageVersion } from "../package-version.ts";

const CONCURRENCY = 100;
const DAY_MS = 86_400_000;
const NAME = "noop";

export const bullmq: Contender = {
  name: "bullmq",
  version: packageVersion("bullmq"),
  settings: `concurrency ${CONCURRENCY}, removeOnComplete`,
  keeps: "nothing",
  needsRedis: true,
  pilesSlowly: true,
  open: openBullmq,
};

async function openBullmq({ redisPort, redisDatabase }: Place): Promise<Session> {
  if (redisPort === undefined) throw new Error("there is no Redis");
  const connection = new Redis(redisPort, "127.0.0.1", { db: redisDatabase, maxRetriesPerRequest: null });
  const queue = new Queue(NAME, { connection, defaultJobOptions: { removeOnComplete: true } });
  await queue.waitUntilReady();
  const job = { name: NAME, data: {} };
  const enqueue = (size: number, opts = {}) =>
    queue.addBulk(Array.from({ length: size }, () => ({ ...job, opts })));
  return {
    enqueue: (count) => inLots(count, (size) => enqueue(size)),
    async enqueueOne() {
      await queue.add(NAME, {});
    },
    async work(onStart) {
      const worker = new Worker(NAME, async () => onStart(), { connection, concurrency: CONCURRENCY });
      await worker.waitUntilReady();
      return { stop: () => worker.close() };
    },
    async isSettled() {
      return (await queue.getJobCountByTypes("waiting", "active", "delayed", "prioritized")) === 0;
    },
    // What has settled is gone, and there are no sets: its own bulk call makes what is pending.
    pile: ({ pending }) => inLots(pending, (size) => enqueue(size)),
    async postpone() {
      const pending = await queue.getWaitingCount();
      await queue.obliterate({ force: true });
      await inLots(pending, (size) => enqueue(size, { delay: DAY_MS }));
    },
    async close() {
      await queue.close();
      await connection.quit();
    },
  };
}
