// How the slots of a queue are shared by its lanes: start-time fair queueing (Goyal, Vin, Cheng: SIGCOMM 1996).

/** Where everything runs that names no lane. */
export const LIVE = "live";

/** A lane as it stands: what it could start, what its rate grants, and how far it has come in the queue's virtual time. */
export interface LaneState {
  name: string;
  weight: number;
  ready: number;
  running: number;
  /** Claims that its rate grants now; null without a rate. */
  tokens: number | null;
  /** Where its last claim ended. */
  pass: number;
}

export interface LaneGrant {
  name: string;
  slots: number;
  /** Where its first claim of this round begins; each takes `1 / weight` from there. */
  start: number;
}

/**
 * Grants at most `slots` claims, one by one to the lane that is behind the most. A lane that was idle begins where the
 * others are: it saves nothing up. Of `maxConcurrent` (≥ 2), all other lanes together leave one to `live`, so that it never
 * waits for their runs to end.
 */
export function grantLanes(
  lanes: readonly LaneState[],
  slots: number,
  maxConcurrent: number | null,
): LaneGrant[] {
  const reached = Math.max(0, ...lanes.map((lane) => lane.pass - 1 / lane.weight));
  const shares = lanes.map((lane) => ({
    ...lane,
    slots: 0,
    start: Math.max(lane.pass, reached),
    left: Math.max(0, Math.min(lane.ready, Math.floor(lane.tokens ?? lane.ready))),
  }));
  let free = slots;
  let shared = sharedSlots(lanes, maxConcurrent);
  while (free >= 1) {
    const open = shares.filter((lane) => lane.left > 0 && (lane.name === LIVE || shared > 0));
    const [first, ...others] = open;
    if (first === undefined) break;
    const next = others.reduce((best, lane) => (startOfNext(lane) < startOfNext(best) ? lane : best), first);
    next.slots += 1;
    next.left -= 1;
    free -= 1;
    if (next.name !== LIVE) shared -= 1;
  }
  return shares.map((lane) => ({ name: lane.name, slots: lane.slots, start: lane.start }));
}

function startOfNext(lane: LaneGrant & { weight: number }): number {
  return lane.start + lane.slots / lane.weight;
}

/** How many more runs the lanes other than `live` may begin, all together. */
function sharedSlots(lanes: readonly LaneState[], maxConcurrent: number | null): number {
  if (maxConcurrent === null || maxConcurrent < 2) return Number.POSITIVE_INFINITY;
  const others = lanes.filter((lane) => lane.name !== LIVE);
  return maxConcurrent - 1 - others.reduce((sum, lane) => sum + lane.running, 0);
}
