// Tests of a run's limits: its signal, whenever it is asked for, and the one reason that ends it.

import { expect, test } from "vitest";
import { RunLimits } from "./limits.ts";

const HOUR_MS = 3_600_000;

test("a handler that asks for its signal before the end sees it aborted, with the reason", async () => {
  const limits = new RunLimits(HOUR_MS, undefined, 0);
  const { signal } = limits;
  expect(signal.aborted).toBe(false);

  limits.end({ kind: "timed_out", reason: "hard" });

  expect(signal.aborted).toBe(true);
  expect(signal.reason).toEqual(new Error("the run timed out"));
  await limits.race(Promise.resolve());
});

test("a handler that asks only after the run was ended finds its signal aborted", async () => {
  const limits = new RunLimits(HOUR_MS, undefined, 0);
  limits.end({ kind: "abandoned", alone: false });

  expect(limits.signal.aborted).toBe(true);
  expect(limits.signal.reason).toEqual(new Error("the run was abandoned"));
  await limits.race(Promise.resolve());
});

test("of two reasons to end a run the first stays", async () => {
  const limits = new RunLimits(HOUR_MS, undefined, 0);
  limits.end({ kind: "timed_out", reason: "stalled" });
  limits.end({ kind: "abandoned", alone: false });

  expect(limits.cutShort).toEqual({ kind: "timed_out", reason: "stalled" });
  expect(limits.signal.reason).toEqual(new Error("the run timed out"));
  await limits.race(Promise.resolve());
});
