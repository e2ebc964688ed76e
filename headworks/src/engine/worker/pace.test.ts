// Tests of how much is claimed at once, and how soon is looked again.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Pace } from "./pace.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("an idle worker takes all it has room for, and less while many runs wait to be settled", () => {
  const pace = new Pace(8);

  expect(pace.room(0, 0)).toBe(8);
  expect(pace.room(0, 12)).toBe(4);
  expect(pace.room(0, 16)).toBe(0);
  expect(pace.room(8, 0)).toBe(0);
});

test("a few free slots are waited for a moment to become more, and are used then", () => {
  const pace = new Pace(8);

  expect(pace.room(7, 0)).toBe(0);
  expect(pace.pauseMs()).toBe(10);
  vi.advanceTimersByTime(10);
  expect(pace.room(7, 0)).toBe(1);
  pace.claimed();
  expect(pace.room(7, 0)).toBe(0);
});

test("half of the slots are claimed at once", () => {
  expect(new Pace(8).room(4, 0)).toBe(4);
});

test("a limited queue is asked again soon, for a while", () => {
  const pace = new Pace(8);
  expect(pace.pauseMs()).toBe(1_000);

  pace.limited();

  expect(pace.pauseMs()).toBe(25);
  vi.advanceTimersByTime(2_000);
  expect(pace.pauseMs()).toBe(1_000);
});
