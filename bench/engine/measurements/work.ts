// How long tasks take, all enqueued before, from the start of work to the last settlement.

import pg from "pg";
import type { Contender, Place, Session } from "../contender.ts";
import { startMeter, type Used } from "../meter.ts";

export interface Work extends Used {
  tasks: number;
}

const LOOK_EVERY_MS = 2;

export async function measureWork(
  contender: Contender,
  place: Place,
  { tasks }: { tasks: number },
): Promise<Work> {
  const session = await contender.open(place);
  try {
    await session.enqueue(tasks);
    await vacuum(place);
    return await workOff(session, place, tasks);
  } finally {
    await session.close();
  }
}

async function workOff(session: Session, place: Place, tasks: number): Promise<Work> {
  let count = 0;
  const all = Promise.withResolvers<void>();
  const used = startMeter(place);
  const working = await session.work(() => {
    count += 1;
    if (count === tasks) all.resolve();
  });
  await all.promise;
  while (!(await session.isSettled())) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  const cost = used();
  await working.stop();
  if (count !== tasks) throw new Error(`${count} runs for ${tasks} tasks`);
  return { tasks, ...cost };
}

/** Autovacuum would do it sooner or later: now, it disturbs nobody's measurement. */
export async function vacuum({ databaseUrl }: Place): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query("vacuum analyze");
  await client.end();
}
