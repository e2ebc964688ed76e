// How long it took until work went on after a fault: read from the operations, printed, and never asserted.

import type { Operation } from "./operations.ts";

/** Milliseconds until all that these processes had under way at that moment had come to its end in another run; 0 if it was nothing. */
export function untilRunAgain(
  operations: readonly Operation[],
  pids: ReadonlySet<number>,
  at: number,
): number {
  const before = operations.filter((operation) => operation.at <= at && pids.has(operation.pid));
  const ended = new Set(
    before.filter((operation) => operation.kind === "ended").map((operation) => operation.run),
  );
  const cut = new Set(
    before.filter((operation) => !ended.has(operation.run)).map((operation) => operation.output),
  );
  const again = [...cut].map((output) =>
    operations.find(
      (operation) => operation.kind === "ended" && operation.output === output && operation.at > at,
    ),
  );
  return Math.max(0, ...again.map((operation) => (operation?.at ?? Number.POSITIVE_INFINITY) - at));
}

/** Milliseconds until the first run began after that moment. */
export function untilNextBegan(operations: readonly Operation[], at: number): number {
  const next = operations
    .filter((operation) => operation.kind === "began" && operation.at > at)
    .map((operation) => operation.at);
  return Math.min(...next) - at;
}

/** `0.9, 1.2, 14.8 s` */
export function seconds(milliseconds: readonly number[]): string {
  return `${milliseconds.map((ms) => (ms / 1_000).toFixed(1)).join(", ")} s`;
}
