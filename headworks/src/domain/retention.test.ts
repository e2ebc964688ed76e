// Property tests of retention: what is made covers the time to come, what is dropped is old to its last instant.

import fc from "fast-check";
import { expect, test } from "vitest";
import { planPartitions, planRunWeeks, type TimePartition, WEEK_MS, weekOf } from "./retention.ts";

const instant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) });
const weekAt = (ms: number): TimePartition => ({
  name: new Date(weekOf(ms)).toISOString(),
  fromMs: weekOf(ms),
  toMs: weekOf(ms) + WEEK_MS,
});
/** Any weeks around an instant, each at most once. */
const situation = fc.record({
  nowMs: instant,
  keepMs: fc.integer({ min: 1, max: 60 * WEEK_MS }),
  weeks: fc.uniqueArray(fc.integer({ min: -80, max: 5 })),
});
const partitionsOf = ({ nowMs, weeks }: { nowMs: number; weeks: number[] }) =>
  weeks.map((week) => weekAt(nowMs + week * WEEK_MS));

test("a week begins on the Monday at or before, at midnight UTC", () => {
  fc.assert(
    fc.property(instant, (ms) => {
      const monday = new Date(weekOf(ms));
      expect(monday.getUTCDay()).toBe(1);
      expect(monday.toISOString()).toContain("T00:00:00.000Z");
      expect(ms - weekOf(ms)).toBeGreaterThanOrEqual(0);
      expect(ms - weekOf(ms)).toBeLessThan(WEEK_MS);
    }),
  );
});

test("with what is made, every instant of the next two weeks is in exactly one partition", () => {
  fc.assert(
    fc.property(situation, fc.integer({ min: 0, max: 2 * WEEK_MS }), (given, laterMs) => {
      const existing = partitionsOf(given);
      const made = planPartitions(existing, given).make.map(weekAt);
      const at = given.nowMs + laterMs;
      const holding = [...existing, ...made].filter(({ fromMs, toMs }) => fromMs <= at && at < toMs);
      expect(holding).toHaveLength(1);
    }),
  );
});

test("what is dropped holds no instant that is younger than the age, and nothing that could be dropped stays", () => {
  fc.assert(
    fc.property(situation, (given) => {
      const existing = partitionsOf(given);
      const dropped = new Set(planPartitions(existing, given).drop);
      for (const { name, toMs } of existing)
        expect(dropped.has(name)).toBe(toMs <= given.nowMs - given.keepMs);
    }),
  );
});

test("once done there is nothing left to do", () => {
  fc.assert(
    fc.property(situation, (given) => {
      const existing = partitionsOf(given);
      const { make, drop } = planPartitions(existing, given);
      const after = [...existing.filter(({ name }) => !drop.includes(name)), ...make.map(weekAt)];
      expect(planPartitions(after, given)).toEqual({ make: [], drop: [] });
    }),
  );
});

test("of a week of runs, successes go by their age and the rest by the longer one, and nothing before the beginning is made", () => {
  const ages = fc.record({
    successesMs: fc.integer({ min: 1, max: 60 * WEEK_MS }),
    failuresMs: fc.integer({ min: 1, max: 60 * WEEK_MS }),
    laterMs: fc.integer({ min: -80 * WEEK_MS, max: WEEK_MS }),
  });
  fc.assert(
    fc.property(situation, ages, (given, { successesMs, failuresMs, laterMs }) => {
      const { nowMs } = given;
      const sinceMs = weekOf(nowMs + laterMs);
      const existing = partitionsOf(given).map((week) => ({ ...week, hasSuccesses: true }));
      const plan = planRunWeeks(existing, { nowMs, sinceMs, successesMs, failuresMs });
      for (const { name, toMs } of existing) {
        const ageMs = nowMs - toMs;
        const whole = ageMs >= Math.max(successesMs, failuresMs);
        expect(plan.dropWeeks.includes(name)).toBe(whole);
        expect(plan.dropSuccesses.includes(name)).toBe(!whole && ageMs >= successesMs);
      }
      for (const week of plan.make) expect(week).toBeGreaterThanOrEqual(sinceMs);
    }),
  );
});
