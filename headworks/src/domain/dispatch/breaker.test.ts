// Tests of circuit breakers: what opens them, that one probe at a time goes out, and that only its result closes them.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  admit,
  BREAKER_TRANSITIONS,
  type Breaker,
  type BreakerSettings,
  CLOSED,
  counted,
  NO_RESULTS,
  probed,
  tallied,
} from "./breaker.ts";

const NOW = 1_700_000_000_000;
const settings: BreakerSettings = {
  failures: 3,
  failureRate: undefined,
  windowMs: 60_000,
  minimum: 10,
  resetMs: 60_000,
};
const byRate: BreakerSettings = { ...settings, failures: 1_000, failureRate: 0.5 };

const tallyOf = (results: string) =>
  [...results].reduce((tally, each) => tallied(tally, each === "f" ? "status 503" : null), NO_RESULTS);
const after = (results: string, by = settings) => counted(CLOSED, by, tallyOf(results), NOW);

describe("a closed breaker", () => {
  test("opens after so many failures in a row, and says why and until when", () => {
    expect(after("ff").state).toBe("closed");
    expect(after("fff")).toEqual({
      ...CLOSED,
      state: "open",
      openedAt: NOW,
      retryAt: NOW + 60_000,
      reason: "3 failures in a row; the last: status 503",
    });
  });

  test("counts failures from the last success on, whoever reports them", () => {
    const two = counted(CLOSED, settings, tallyOf("sff"), NOW);
    expect(counted(two, settings, tallyOf("f"), NOW).state).toBe("open");
    expect(counted(two, settings, tallyOf("sf"), NOW)).toMatchObject({ state: "closed", failuresInRow: 1 });
  });

  test("isn't changed by successes, so that nothing need be written", () => {
    expect(after("sssss")).toEqual(CLOSED);
  });

  test("opens at a share of failures, not before the minimum of results", () => {
    expect(after("sfsfsfsf", byRate).state).toBe("closed");
    expect(after("sfsfsfsfsf", byRate)).toMatchObject({
      state: "open",
      reason: "5 of 10 failed; the last: status 503",
    });
    expect(after("ssfsfsfsfs", byRate).state).toBe("closed");
  });

  test("forgets the results of a window that is over", () => {
    const nearly = after("sfsfsfsf", byRate);
    expect(counted(nearly, byRate, tallyOf("sf"), NOW + 59_999).state).toBe("open");
    expect(counted(nearly, byRate, tallyOf("sf"), NOW + 60_000)).toMatchObject({
      state: "closed",
      windowFailures: 1,
    });
  });
});

describe("an open breaker", () => {
  const open = after("fff");

  test("refuses until its time has come, then lets one probe out", () => {
    expect(admit(open, NOW + 59_000, 5_000)).toEqual({ kind: "refused", retryAfterMs: 1_000 });
    const first = admit(open, NOW + 60_000, 5_000);
    expect(first).toMatchObject({ kind: "probe", until: NOW + 65_000, breaker: { state: "half_open" } });
    if (first.kind !== "probe") return;
    expect(admit(first.breaker, NOW + 61_000, 5_000)).toEqual({ kind: "refused", retryAfterMs: 4_000 });
    expect(admit(first.breaker, NOW + 65_000, 5_000).kind).toBe("probe");
  });

  test("isn't changed by results that were under way when it opened", () => {
    expect(counted(open, settings, tallyOf("sssfff"), NOW + 1)).toBe(open);
  });
});

describe("a probe", () => {
  const until = NOW + 65_000;
  const halfOpen: Breaker = { ...after("fff"), state: "half_open", retryAt: null, probeUntil: until };
  const later = NOW + 61_000;

  test("that succeeds closes the breaker", () => {
    expect(probed(halfOpen, settings, until, null, later)).toEqual(CLOSED);
  });

  test("that fails opens it anew, open since it first opened", () => {
    expect(probed(halfOpen, settings, until, "status 500", later)).toMatchObject({
      state: "open",
      openedAt: NOW,
      retryAt: later + 60_000,
      reason: "the probe failed; the last: status 500",
    });
  });

  test("that comes to nothing leaves it to another", () => {
    const free = probed(halfOpen, settings, until, undefined, later);
    expect(admit(free, later, 5_000).kind).toBe("probe");
  });

  test("whose time is over, so that another holds it, changes nothing", () => {
    expect(probed({ ...halfOpen, probeUntil: until + 1 }, settings, until, null, later)).toMatchObject({
      state: "half_open",
    });
  });
});

const aStep = fc.oneof(
  fc.record({ kind: fc.constant("results" as const), results: fc.stringMatching(/^[sf]{1,6}$/) }),
  fc.record({ kind: fc.constant("ask" as const) }),
  fc.record({
    kind: fc.constant("probed" as const),
    failure: fc.constantFrom("broken", null, undefined),
    held: fc.nat(3),
  }),
);

test("whatever happens, it moves by its transitions, holds what its state needs, and lets no two probes out at once", () => {
  const steps = fc.array(fc.record({ step: aStep, pauseMs: fc.nat(50_000) }), { maxLength: 60 });
  fc.assert(
    fc.property(steps, fc.constantFrom(settings, byRate), (taken, by) => {
      let breaker = CLOSED;
      let now = NOW;
      const probes: { from: number; until: number }[] = [];
      for (const { step, pauseMs } of taken) {
        now += pauseMs;
        const before = breaker;
        if (step.kind === "results") breaker = counted(breaker, by, tallyOf(step.results), now);
        if (step.kind === "probed") {
          const probe = probes.at(-1 - step.held);
          if (probe !== undefined) {
            breaker = probed(breaker, by, probe.until, step.failure, now);
            if (before.probeUntil === probe.until) probe.until = Math.min(probe.until, now);
          }
        }
        if (step.kind === "ask") {
          const admission = admit(breaker, now, 20_000);
          expect(admission.kind === "normal").toBe(breaker.state === "closed");
          if (admission.kind === "refused") expect(admission.retryAfterMs).toBeGreaterThan(0);
          if (admission.kind === "probe") {
            expect(probes.filter((each) => each.until > now)).toEqual([]);
            probes.push({ from: now, until: admission.until });
            breaker = admission.breaker;
          }
        }
        if (breaker.state !== before.state)
          expect(BREAKER_TRANSITIONS[before.state]).toContain(breaker.state);
        expect(breaker.openedAt === null).toBe(breaker.state === "closed");
        expect(breaker.reason === null).toBe(breaker.state === "closed");
        expect(breaker.retryAt === null).toBe(breaker.state !== "open");
        if (breaker.state !== "half_open") expect(breaker.probeUntil).toBeNull();
      }
    }),
  );
});
