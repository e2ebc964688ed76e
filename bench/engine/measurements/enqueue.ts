// How fast one caller enqueues: lots of 1,000, and one after the other.

import type { Contender, Place } from "../contender.ts";
import { startMeter, type Used } from "../meter.ts";

export interface Enqueued {
  bulk: Used & { tasks: number };
  single: Used & { tasks: number };
}

export async function measureEnqueue(
  contender: Contender,
  place: Place,
  { bulk, single }: { bulk: number; single: number },
): Promise<Enqueued> {
  const session = await contender.open(place);
  try {
    const bulkUsed = startMeter(place);
    await session.enqueue(bulk);
    const inBulk = { tasks: bulk, ...bulkUsed() };
    const singleUsed = startMeter(place);
    for (let task = 0; task < single; task++) await session.enqueueOne();
    return { bulk: inBulk, single: { tasks: single, ...singleUsed() } };
  } finally {
    await session.close();
  }
}
