// What is measured of one contender on a fresh database, within its own process.

import pg from "pg";
import type { Contender, Place, Session, Settings } from "./contender.ts";
import { cpuSecondsOf } from "./cpu.ts";

/** How long tasks took, from the start of work to the last settlement, and what that cost. */
export interface Work {
  tasks: number;
  seconds: number;
  /** CPU seconds of the process that worked. */
  nodeCpu: number;
  /** CPU seconds of all processes of the server. */
  serverCpu: number;
}

export interface WorkOptions {
  tasks: number;
  settings: Settings;
}

const LOOK_EVERY_MS = 2;

/** Enqueues, then works until the last task is settled; only the latter is measured. */
async function work(contender: Contender, place: Place, { tasks, settings }: WorkOptions): Promise<Work> {
  const session = await contender.open(place, settings);
  try {
    await session.enqueue(tasks);
    await vacuum(place);
    return await workOff(session, place, tasks);
  } finally {
    await session.close();
  }
}

async function workOff(session: Session, place: Place, tasks: number): Promise<Work> {
  const all = countdown(tasks);
  const used = startMeter(place);
  const working = await session.work(all.one);
  await all.done;
  while (!(await session.isSettled())) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  const cost = used();
  await working.stop();
  if (all.count() !== tasks) throw new Error(`${all.count()} runs for ${tasks} tasks`);
  return { tasks, ...cost };
}

function countdown(tasks: number) {
  let count = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  return {
    done: promise,
    count: () => count,
    one() {
      count += 1;
      if (count === tasks) resolve();
    },
  };
}

/** Gives a function that tells what has been used since. */
function startMeter({ serverPid }: Place): () => Omit<Work, "tasks"> {
  const server = cpuSecondsOf(serverPid);
  const own = process.cpuUsage();
  const began = performance.now();
  return () => {
    const seconds = (performance.now() - began) / 1_000;
    const { user, system } = process.cpuUsage(own);
    return { seconds, nodeCpu: (user + system) / 1e6, serverCpu: cpuSecondsOf(serverPid) - server };
  };
}

/** Autovacuum would do it sooner or later: now, it disturbs nobody's measurement. */
async function vacuum({ databaseUrl }: Place): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query("vacuum analyze");
  await client.end();
}

/** By the name under which the harness asks for them. */
export const measurements = { work };

export type Measurements = typeof measurements;
