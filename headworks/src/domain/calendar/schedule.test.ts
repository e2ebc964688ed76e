// Tests of what a schedule decides: which slots are due, what becomes of missed ones, jitter, which partition.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCron } from "./cron.ts";
import {
  decideSlots,
  jitterOf,
  MISSED_LIMIT,
  MISSED_LIMIT_MS,
  MISSED_POLICIES,
  partitionAt,
} from "./schedule.ts";

const HOUR = 3_600_000;
const hourly = parseCron("0 * * * *");
const noon = Date.UTC(2026, 0, 14, 12);
const decide = (policy: (typeof MISSED_POLICIES)[number], until: number, now: number) =>
  decideSlots(hourly, "UTC", policy, until, now);

describe("slots that are due", () => {
  test("after an outage of three hours follow the policy", () => {
    const now = noon + 30 * 60_000;
    const missed = [noon - 2 * HOUR, noon - HOUR, noon];
    const since = noon - 3 * HOUR;
    expect(decide("skip", since, now)).toEqual({ due: [], skipped: missed, next: noon + HOUR });
    expect(decide("latest", since, now)).toEqual({
      due: missed.slice(2),
      skipped: missed.slice(0, 2),
      next: noon + HOUR,
    });
    expect(decide("all", since, now)).toEqual({ due: missed, skipped: [], next: noon + HOUR });
  });

  test("include the one that is found in time, whatever the policy", () => {
    for (const policy of MISSED_POLICIES) expect(decide(policy, noon - 1, noon + 1_000).due).toEqual([noon]);
  });

  test("are never older than the limit, nor more", () => {
    const minutely = decideSlots(parseCron("* * * * *"), "UTC", "all", noon - 400 * 24 * HOUR, noon);
    expect(minutely.due).toHaveLength(MISSED_LIMIT);
    expect(minutely.skipped).toHaveLength(MISSED_LIMIT);
    expect(decide("all", 0, noon).due[0]).toBe(noon - MISSED_LIMIT_MS + HOUR);
  });

  test("are each decided once, however the time is cut into looks", () => {
    const looks = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.constantFrom(...MISSED_POLICIES), looks, (policy, steps) => {
        let until = noon;
        const seen: number[] = [];
        for (const minutes of steps) {
          const decision = decide(policy, until, until + minutes * 60_000);
          until += minutes * 60_000;
          seen.push(...decision.due, ...decision.skipped);
          expect(decision.next).toBeGreaterThan(until);
        }
        const expected = decide("all", noon, until).due;
        expect(seen.sort((a, b) => a - b)).toEqual(expected);
      }),
    );
  });
});

test("jitter is the same for a slot every time, below its limit, and spreads", () => {
  const of = (slot: number) => jitterOf("refresh", slot, 300_000);
  const slots = Array.from({ length: 200 }, (_, index) => noon + index * HOUR);
  const delays = slots.map(of);
  expect(slots.map(of)).toEqual(delays);
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...delays)).toBeLessThan(300_000);
  const quarters = [0, 1, 2, 3].map(
    (part) => delays.filter((each) => Math.floor(each / 75_000) === part).length,
  );
  expect(Math.min(...quarters)).toBeGreaterThan(25);
  expect(jitterOf("other", noon, 300_000)).not.toBe(of(noon));
  expect(jitterOf("refresh", noon, 0)).toBe(0);
});

describe("the partition of a slot", () => {
  const days = {
    kind: "calendar",
    unit: "day",
    timezone: "America/New_York",
    start: "2026-01-10",
    end: "2026-01-14",
    opens: "end",
  } as const;
  const at = (text: string) => Date.parse(text);

  test("is the newest that is open then", () => {
    expect(partitionAt(days, "newest", at("2026-01-14T04:59Z"))).toBe("2026-01-12");
    expect(partitionAt(days, "newest", at("2026-01-14T05:00Z"))).toBe("2026-01-13");
    expect(partitionAt({ ...days, opens: "start" }, "newest", at("2026-01-14T05:00Z"))).toBe("2026-01-14");
  });

  test("is that of so many days before, by the calendar of the set", () => {
    expect(partitionAt(days, { daysBack: 0 }, at("2026-01-14T04:59Z"))).toBe("2026-01-13");
    expect(partitionAt(days, { daysBack: 2 }, at("2026-01-14T05:00Z"))).toBe("2026-01-12");
  });

  test("is none before the first, and after the last", () => {
    expect(partitionAt(days, "newest", at("2026-01-10T12:00Z"))).toBeUndefined();
    expect(partitionAt(days, "newest", at("2026-01-16T12:00Z"))).toBeUndefined();
    expect(partitionAt({ kind: "single" }, "newest", 0)).toBe("all");
  });
});
