// How long an idle worker takes to begin a task, from the moment its enqueuer knows of the commit.

import { setTimeout as pause } from "node:timers/promises";
import type { Contender, Place, Session } from "../contender.ts";

/** Between two tasks, so that everybody is idle again. */
const PAUSE_MS = 10;

/** Milliseconds for each task; 0 where its handler began before its enqueuer heard of the commit. */
export async function measurePickUp(
  contender: Contender,
  place: Place,
  { tasks }: { tasks: number },
): Promise<number[]> {
  const session = await contender.open(place);
  try {
    return await pickUps(session, tasks);
  } finally {
    await session.close();
  }
}

export async function pickUps(session: Session, tasks: number): Promise<number[]> {
  let begun = Promise.withResolvers<number>();
  const working = await session.work(() => begun.resolve(performance.now()));
  const latencies: number[] = [];
  // The first ones find connections that aren't open yet.
  const warmUp = Math.ceil(tasks / 10);
  for (let task = -warmUp; task < tasks; task++) {
    begun = Promise.withResolvers();
    await session.enqueueOne();
    const committed = performance.now();
    const latency = Math.max(0, (await begun.promise) - committed);
    if (task >= 0) latencies.push(latency);
    await pause(PAUSE_MS * (1 + Math.random()));
  }
  await working.stop();
  return latencies;
}
