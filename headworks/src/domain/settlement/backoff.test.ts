// Tests of the backoff formula of the design: doubling, then linear, with jitter above the floor.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BackoffSettings, backoffCeilingMs, backoffMs } from "./backoff.ts";

const aSetting: fc.Arbitrary<BackoffSettings> = fc
  .record({
    minBackoffMs: fc.integer({ min: 0, max: 60_000 }),
    span: fc.nat(7_200_000),
    maxDoublings: fc.nat(16),
  })
  .map(({ minBackoffMs, span, maxDoublings }) => ({
    minBackoffMs,
    maxBackoffMs: minBackoffMs + span,
    maxDoublings,
  }));
const anAttempt = fc.integer({ min: 1, max: 1_000 });
const aRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const settings = { minBackoffMs: 10_000, maxBackoffMs: 300_000, maxDoublings: 3 };

describe("the ceiling", () => {
  test("doubles maxDoublings times, then grows linearly up to maxBackoff", () => {
    const ceilings = [1, 2, 3, 4, 5, 6].map((attempt) => backoffCeilingMs(settings, attempt));
    expect(ceilings).toEqual([20_000, 40_000, 80_000, 160_000, 240_000, 300_000]);
  });

  test("grows linearly from the start when no doublings are allowed", () => {
    const ceilings = [1, 2, 3].map((attempt) => backoffCeilingMs({ ...settings, maxDoublings: 0 }, attempt));
    expect(ceilings[0]).toBeGreaterThanOrEqual(settings.minBackoffMs);
    expect((ceilings[2] ?? 0) - (ceilings[1] ?? 0)).toBe(settings.minBackoffMs);
  });

  test("is min(maxBackoff, minBackoff · 2^k) up to maxDoublings", () => {
    fc.assert(
      fc.property(aSetting, anAttempt, (setting, attempt) => {
        fc.pre(attempt <= setting.maxDoublings);
        const formula = Math.min(setting.maxBackoffMs, setting.minBackoffMs * 2 ** attempt);
        expect(backoffCeilingMs(setting, attempt)).toBe(formula);
      }),
    );
  });

  test("grows by the last doubled step each time after maxDoublings, as far as maxBackoff allows", () => {
    fc.assert(
      fc.property(aSetting, fc.integer({ min: 1, max: 100 }), (setting, beyond) => {
        const unbounded = { ...setting, maxBackoffMs: Number.MAX_VALUE };
        const attempt = setting.maxDoublings + beyond;
        const step = backoffCeilingMs(unbounded, attempt + 1) - backoffCeilingMs(unbounded, attempt);
        expect(step).toBe(setting.minBackoffMs * 2 ** setting.maxDoublings);
      }),
    );
  });

  test("never falls from one attempt to the next, and never passes maxBackoff", () => {
    fc.assert(
      fc.property(aSetting, anAttempt, (setting, attempt) => {
        const ceiling = backoffCeilingMs(setting, attempt);
        expect(backoffCeilingMs(setting, attempt + 1)).toBeGreaterThanOrEqual(ceiling);
        expect(ceiling).toBeLessThanOrEqual(setting.maxBackoffMs);
      }),
    );
  });
});

describe("the delay", () => {
  test("lies between minBackoff and the ceiling", () => {
    fc.assert(
      fc.property(aSetting, anAttempt, aRandom, (setting, attempt, random) => {
        const delay = backoffMs(setting, attempt, () => random);
        expect(delay).toBeGreaterThanOrEqual(setting.minBackoffMs);
        expect(delay).toBeLessThanOrEqual(Math.max(setting.minBackoffMs, backoffCeilingMs(setting, attempt)));
      }),
    );
  });

  test("reaches from one end of the range to the other", () => {
    expect(backoffMs(settings, 2, () => 0)).toBe(10_000);
    expect(backoffMs(settings, 2, () => 0.5)).toBe(25_000);
    expect(backoffMs(settings, 2, () => 1 - Number.EPSILON)).toBe(40_000);
  });

  test("is a whole number of milliseconds", () => {
    fc.assert(
      fc.property(aSetting, anAttempt, aRandom, (setting, attempt, random) => {
        expect(Number.isSafeInteger(backoffMs(setting, attempt, () => random))).toBe(true);
      }),
    );
  });

  test("is never sooner than a Retry-After, even beyond maxBackoff", () => {
    fc.assert(
      fc.property(
        aSetting,
        anAttempt,
        aRandom,
        fc.nat(86_400_000),
        (setting, attempt, random, retryAfterMs) => {
          const delay = backoffMs(setting, attempt, () => random, retryAfterMs);
          expect(delay).toBe(
            Math.max(
              backoffMs(setting, attempt, () => random),
              retryAfterMs,
            ),
          );
        },
      ),
    );
  });

  test("is minBackoff where maxBackoff was set below it", () => {
    expect(backoffMs({ minBackoffMs: 5_000, maxBackoffMs: 1_000, maxDoublings: 4 }, 3, () => 0.9)).toBe(
      5_000,
    );
  });
});
