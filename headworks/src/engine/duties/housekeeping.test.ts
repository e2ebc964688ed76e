// Tests of housekeeping with duties that are told when to end: what one does to the others, and to a start.

import { expect, test } from "vitest";
import type { Duty } from "./duty.ts";
import { Housekeeping } from "./housekeeping.ts";

function reportsInto(told: string[]) {
  return {
    failed: async (duty: string, error: unknown) => void told.push(`${duty}: ${error}`),
    succeeded: async (duty: string) => void told.push(`${duty} worked`),
  };
}

function duty(name: string, first: Duty["first"], run: Duty["run"]): Duty {
  return { name, everyMs: 1, first, run };
}

/** A duty that tells of its rounds: `rounds(n)` resolves when the nth has begun. */
function counted(name: string, first: Duty["first"], work: () => Promise<unknown> = async () => undefined) {
  const waiting: { round: number; begun: () => void }[] = [];
  let rounds = 0;
  const made = duty(name, first, async () => {
    rounds += 1;
    for (const each of waiting) if (each.round <= rounds) each.begun();
    await work();
  });
  const round = (wanted: number) =>
    new Promise<void>((begun) => (rounds >= wanted ? begun() : waiting.push({ round: wanted, begun })));
  return { duty: made, round };
}

test("a duty that fails for ever is told of at each round, and stops neither a start nor the others", async () => {
  const told: string[] = [];
  const broken = counted("broken", "before_work", () => Promise.reject(new Error("no")));
  const next = counted("next", "before_work");
  const beside = counted("beside", "at_start");
  const housekeeping = new Housekeeping([broken.duty, next.duty, beside.duty], reportsInto(told));

  await housekeeping.start();
  await Promise.all([broken.round(3), next.round(3), beside.round(3)]);
  await housekeeping.stop();

  expect(told.slice(0, 2)).toEqual(["broken: Error: no", "next worked"]);
  expect(told.filter((line) => line === "broken: Error: no").length).toBeGreaterThanOrEqual(2);
});

test("one that throws before it gives a promise is one that fails", async () => {
  const told: string[] = [];
  const thrower = duty("thrower", "before_work", () => {
    throw new Error("at once");
  });
  const housekeeping = new Housekeeping([thrower], reportsInto(told));

  await housekeeping.start();
  await housekeeping.stop();

  expect(told[0]).toBe("thrower: Error: at once");
});

test("a start waits for what comes before work, and for nothing else", async () => {
  const held = Promise.withResolvers<void>();
  const told: string[] = [];
  const before = counted("before", "before_work");
  const slow = counted("slow", "at_start", () => held.promise);
  const later = counted("later", "later");
  const housekeeping = new Housekeeping([slow.duty, before.duty, later.duty], reportsInto(told));

  await housekeeping.start();
  await slow.round(1);
  await later.round(2);
  expect(told).not.toContain("slow worked");
  held.resolve();
  await housekeeping.stop();

  expect(told).toContain("slow worked");
});

test("a duty is never done twice at once, and a stop waits for the round that is under way", async () => {
  let atOnce = 0;
  let most = 0;
  const ends: (() => void)[] = [];
  const slow = counted("slow", "at_start", async () => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    await new Promise<void>((end) => ends.push(end));
    atOnce -= 1;
  });
  const ticking = counted("ticking", "at_start");
  const housekeeping = new Housekeeping([slow.duty, ticking.duty], reportsInto([]));

  await housekeeping.start();
  await ticking.round(5);
  ends.pop()?.();
  await slow.round(2);
  const stopped = housekeeping.stop();
  expect(atOnce).toBe(1);
  for (const end of ends) end();
  await stopped;

  expect([atOnce, most]).toEqual([0, 1]);
});
