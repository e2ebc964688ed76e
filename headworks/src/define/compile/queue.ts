// Compiles the queues that processors name, with Cloud Tasks' settings and our defaults.

import { LIVE } from "../../domain/dispatch/lanes.ts";
import { isNamespaceLane } from "../../domain/namespace.ts";
import type { Processor } from "../processor.ts";
import type { LaneOptions, Queue } from "../queue.ts";
import type { CompiledQueue } from "../registry.ts";
import type { Problems } from "./problems.ts";

const DEFAULTS = {
  maxAttempts: 5,
  minBackoffMs: 10_000,
  maxBackoffMs: 3_600_000,
  maxDoublings: 5,
  deadlineMs: 600_000,
};

/** The queues by name; `default` is always among them. */
export function compileQueues(
  processors: readonly Processor[],
  problems: Problems,
): Map<string, CompiledQueue> {
  const declared = new Map<string, Queue>([["default", { kind: "queue", name: "default" }]]);
  for (const { options } of processors) {
    if (typeof options.queue !== "object") continue;
    const known = declared.get(options.queue.name);
    if (known !== undefined && known !== options.queue && known.name !== "default") {
      problems.add(
        `queue ${known.name}`,
        "DUPLICATE_NAME",
        `two queues are called ${known.name}`,
        "declare it once and use that value",
      );
    }
    declared.set(options.queue.name, options.queue);
  }
  return new Map([...declared.values()].map((queue) => [queue.name, compileQueue(queue, problems)]));
}

function compileQueue(queue: Queue, problems: Problems): CompiledQueue {
  const where = `queue ${queue.name}`;
  problems.name(where, queue.name);
  problems.number(`${where} › maxDispatchesPerSecond`, queue.maxDispatchesPerSecond, { min: 0.001 });
  problems.number(`${where} › maxBurstSize`, queue.maxBurstSize, { min: 1 });
  problems.number(`${where} › maxConcurrentDispatches`, queue.maxConcurrentDispatches, { min: 1 });
  problems.number(`${where} › maxAttempts`, queue.maxAttempts, { min: 1 });
  problems.number(`${where} › maxDoublings`, queue.maxDoublings, { min: 0, max: 30 });
  const minBackoffMs = problems.durationMs(`${where} › minBackoff`, queue.minBackoff, DEFAULTS.minBackoffMs);
  const maxBackoffMs = problems.durationMs(`${where} › maxBackoff`, queue.maxBackoff, DEFAULTS.maxBackoffMs);
  if (minBackoffMs > maxBackoffMs) {
    problems.add(
      where,
      "BAD_BACKOFF",
      "minBackoff is longer than maxBackoff",
      "make maxBackoff the longer of the two",
    );
  }
  return {
    name: queue.name,
    lanes: compileLanes(where, queue.lanes, problems),
    rate: queue.maxDispatchesPerSecond,
    burst: queue.maxBurstSize ?? Math.max(1, Math.ceil(queue.maxDispatchesPerSecond ?? 1)),
    maxConcurrent: queue.maxConcurrentDispatches,
    maxAttempts: queue.maxAttempts ?? DEFAULTS.maxAttempts,
    maxRetryDurationMs: problems.durationMs(`${where} › maxRetryDuration`, queue.maxRetryDuration, 0),
    backoff: { minBackoffMs, maxBackoffMs, maxDoublings: queue.maxDoublings ?? DEFAULTS.maxDoublings },
    dispatchDeadlineMs: problems.durationMs(
      `${where} › dispatchDeadline`,
      queue.dispatchDeadline,
      DEFAULTS.deadlineMs,
    ),
  };
}

function compileLanes(where: string, lanes: Record<string, LaneOptions> | undefined, problems: Problems) {
  if (lanes === undefined) return [];
  return Object.entries({ [LIVE]: {}, ...lanes }).map(([name, lane]: [string, LaneOptions]) => {
    const at = `${where} › lanes › ${name}`;
    problems.name(at, name);
    if (isNamespaceLane(name))
      problems.add(
        at,
        "BAD_NAME",
        `"${name}" would be taken for the lane of a namespace`,
        "choose a name that begins with neither batch_ nor replay_",
      );
    problems.number(`${at} › weight`, lane.weight, { min: 0.001 });
    problems.number(`${at} › maxDispatchesPerSecond`, lane.maxDispatchesPerSecond, { min: 0.001 });
    problems.number(`${at} › maxBurstSize`, lane.maxBurstSize, { min: 1 });
    return {
      name,
      weight: lane.weight ?? 1,
      rate: lane.maxDispatchesPerSecond,
      burst: lane.maxBurstSize ?? Math.max(1, Math.ceil(lane.maxDispatchesPerSecond ?? 1)),
    };
  });
}
