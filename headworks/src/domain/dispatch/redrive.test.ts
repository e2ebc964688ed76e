// Tests of a redrive's pace: never over its rate, never short of it while it is looked at, and no burst after a pause.

import fc from "fast-check";
import { expect, test } from "vitest";
import { type Pace, tasksDue } from "./redrive.ts";

const rate = fc.double({ min: 0.01, max: 5_000, noNaN: true });
const looks = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 1, maxLength: 50 });
const MOST = 1_000;

/** Looks again and again; gives when and how many went. */
function drive(of: number, waits: readonly number[]): { at: number; tasks: number }[] {
  let pace: Pace = { rate: of, allowance: 0, lookedAt: 0 };
  let now = 0;
  return waits.map((wait) => {
    now += wait;
    const due = tasksDue(pace, MOST, now);
    pace = due.pace;
    return { at: now, tasks: due.tasks };
  });
}

test("in every window, no more tasks go than its rate, a second's worth and one", () => {
  fc.assert(
    fc.property(rate, looks, (of, waits) => {
      const went = drive(of, waits);
      for (const [index, first] of went.entries()) {
        let tasks = 0;
        for (const each of went.slice(index)) {
          tasks += each.tasks;
          expect(tasks).toBeLessThanOrEqual((of * (each.at - first.at)) / 1_000 + of + 1 + 1e-6);
        }
      }
    }),
  );
});

test("looked at every half second, it keeps its rate, also where that is less than one task a second", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.05, max: 500, noNaN: true }), (of) => {
      const went = drive(
        of,
        Array.from({ length: 200 }, () => 500),
      );
      const tasks = went.reduce((sum, each) => sum + each.tasks, 0);
      expect(tasks).toBeGreaterThanOrEqual(Math.floor(of * 100 - 1e-6) - 1);
    }),
  );
});

test("without a rate all goes, so many at once", () => {
  expect(tasksDue({ rate: null, allowance: 0, lookedAt: 0 }, MOST, 5).tasks).toBe(MOST);
});

test("a clock that is set back gives nothing twice", () => {
  const { pace } = tasksDue({ rate: 10, allowance: 0, lookedAt: 0 }, MOST, 1_000);
  expect(tasksDue(pace, MOST, 500).tasks).toBe(0);
  expect(tasksDue(pace, MOST, 1_000).tasks).toBe(0);
});
