// Tests of timers that are longer than the runtime's own, by a clock that the test sets.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RunLimits } from "./run/limits.ts";
import { sleep, startTimer } from "./timer.ts";

const DAY_MS = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test.for([1, 24, 25, 30, 100])("a timer of %d days fires then, and once", (days) => {
  const work = vi.fn();
  startTimer(work, days * DAY_MS);

  vi.advanceTimersByTime(days * DAY_MS - 1);
  expect(work).not.toHaveBeenCalled();
  vi.advanceTimersByTime(100 * DAY_MS);
  expect(work).toHaveBeenCalledTimes(1);
});

test("a timer that is begun anew counts from then, and one that is cleared never fires", () => {
  const work = vi.fn();
  const timer = startTimer(work, 30 * DAY_MS);

  vi.advanceTimersByTime(29 * DAY_MS);
  timer.refresh();
  vi.advanceTimersByTime(29 * DAY_MS);
  expect(work).not.toHaveBeenCalled();
  timer.clear();
  vi.advanceTimersByTime(100 * DAY_MS);
  expect(work).not.toHaveBeenCalled();
});

test("a long sleep ends at once when its signal is aborted", async () => {
  const controller = new AbortController();
  const sleeping = sleep(30 * DAY_MS, controller.signal);
  controller.abort(new Error("enough"));

  await expect(sleeping).rejects.toThrow("enough");
});

test("a heartbeat of 30 days doesn't stall at once, and a hard timeout of 30 days ends a run then", () => {
  const limits = new RunLimits(30 * DAY_MS, 30 * DAY_MS);

  vi.advanceTimersByTime(29 * DAY_MS);
  expect(limits.cutShort).toBeUndefined();
  limits.alive();
  vi.advanceTimersByTime(DAY_MS);
  expect(limits.cutShort).toEqual({ kind: "timed_out", reason: "hard" });
});
