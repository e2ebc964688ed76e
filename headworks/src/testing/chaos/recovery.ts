// How long it took until work went on after a fault: read from the deeds, printed, and never asserted.

import type { Deed } from "./deeds.ts";

/** Milliseconds until all that these processes had under way at that moment had come to its end in another run; 0 if it was nothing. */
export function untilRunAgain(deeds: readonly Deed[], pids: ReadonlySet<number>, at: number): number {
  const before = deeds.filter((deed) => deed.at <= at && pids.has(deed.pid));
  const ended = new Set(before.filter((deed) => deed.kind === "ended").map((deed) => deed.run));
  const cut = new Set(before.filter((deed) => !ended.has(deed.run)).map((deed) => deed.output));
  const again = [...cut].map((output) =>
    deeds.find((deed) => deed.kind === "ended" && deed.output === output && deed.at > at),
  );
  return Math.max(0, ...again.map((deed) => (deed?.at ?? Number.POSITIVE_INFINITY) - at));
}

/** Milliseconds until the first run began after that moment. */
export function untilNextBegan(deeds: readonly Deed[], at: number): number {
  const next = deeds.filter((deed) => deed.kind === "began" && deed.at > at).map((deed) => deed.at);
  return Math.min(...next) - at;
}

/** `0.9, 1.2, 14.8 s` */
export function seconds(milliseconds: readonly number[]): string {
  return `${milliseconds.map((ms) => (ms / 1_000).toFixed(1)).join(", ")} s`;
}
