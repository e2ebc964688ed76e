// queue(): how fast tasks are dispatched, how often they are tried, in Cloud Tasks' names.

import type { Duration } from "../domain/duration.ts";

/** How a lane shares its queue. */
export interface LaneOptions {
  /** Its share while other lanes have work too, against theirs. Default 1. */
  weight?: number | undefined;
  /** Claims per second over all processes, within the queue's. Unlimited when left out. */
  maxDispatchesPerSecond?: number | undefined;
  /** Claims that may happen at once after a pause. Default: a second's worth, at least 1. */
  maxBurstSize?: number | undefined;
}

export interface QueueOptions {
  /** Sub-queues by name. `live` is always among them: it has what names no lane, and a slot that no other lane takes. */
  lanes?: Record<string, LaneOptions>;
  /** Claims per second over all processes. Unlimited when left out. */
  maxDispatchesPerSecond?: number;
  /** Claims that may happen at once after a pause. Default: a second's worth, at least 1. */
  maxBurstSize?: number;
  /** Runs at once over all processes. Unlimited when left out. */
  maxConcurrentDispatches?: number;
  /** Attempts that count before a task is failed. Default 5. */
  maxAttempts?: number;
  /** Retries go on for at least so long after the first attempt, also past `maxAttempts`. Default: no longer than these. */
  maxRetryDuration?: Duration;
  /** Default 10s. */
  minBackoff?: Duration;
  /** Default 1h. */
  maxBackoff?: Duration;
  /** How often the backoff doubles before it grows linearly. Default 5. */
  maxDoublings?: number;
  /** The hard timeout of processors that declare none. Default 10m. */
  dispatchDeadline?: Duration;
}

/** Limits for the dispatch of tasks. Made with {@link queue}. */
export interface Queue extends QueueOptions {
  kind: "queue";
  name: string;
}

/** Declares a queue. Processors that name none are in the queue `default`, which has no limits. */
export function queue(name: string, options: QueueOptions = {}): Queue {
  return { kind: "queue", name, ...options };
}
