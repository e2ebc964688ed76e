import fc from "fast-check";
import { addDays } from "headworks-example-kit/days.ts";
import { describe, expect, it } from "vitest";
import { seasonCalendar } from "./calendar.ts";
import { FRANCHISES, type Franchise } from "./franchises.ts";
import { postponeSome } from "./postponements.ts";
import { randomOf } from "./random.ts";
import { drawSchedule, type Fixture } from "./schedule.ts";

const calendar = seasonCalendar("2025-26");
// Other seeds in every run; all properties share them.
const [runSeed = 0] = fc.sample(fc.integer(), 1);
const seasons = new Map<number, Fixture[]>();

function seasonOf(seed: number): Fixture[] {
  const known =
    seasons.get(seed) ??
    postponeSome(drawSchedule(calendar, randomOf(seed)), calendar, randomOf(seed, "winter"));
  seasons.set(seed, known);
  return known;
}

function forAnySeed(check: (fixtures: Fixture[]) => void): void {
  const property = fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seed) => check(seasonOf(seed)));
  fc.assert(property, { numRuns: 36, seed: runSeed, endOnFailure: true });
}

function daysOf(team: Franchise, fixtures: readonly Fixture[]): string[] {
  return fixtures.filter(({ home, away }) => home === team || away === team).map(({ date }) => date);
}

describe("a season's schedule, for any seed", () => {
  it("has 1,230 games with ids of their own, 41 at home and 41 away for every team", () => {
    forAnySeed((fixtures) => {
      expect(new Set(fixtures.map(({ gameId }) => gameId)).size).toBe(1_230);
      for (const team of FRANCHISES) {
        expect(daysOf(team, fixtures)).toHaveLength(82);
        expect(fixtures.filter(({ home }) => home === team)).toHaveLength(41);
      }
    });
  });

  it("has every team play every other two to four times, and rivals of its conference three or four times", () => {
    forAnySeed((fixtures) => {
      const meetings = Map.groupBy(fixtures, ({ home, away }) =>
        [home.tricode, away.tricode].sort().join("-"),
      );
      expect(meetings.size).toBe((30 * 29) / 2);
      const wrong = [...meetings.values()].filter((games) => {
        const [game] = games;
        return games.length > 4 || games.length < (game?.home.conference === game?.away.conference ? 3 : 2);
      });
      expect(wrong).toEqual([]);
    });
  });

  it("lets nobody play twice on a day, on a day off, or on three days running", () => {
    forAnySeed((fixtures) => {
      const open = new Set(calendar.gameDays);
      for (const team of FRANCHISES) {
        const days = new Set(daysOf(team, fixtures));
        expect(days.size).toBe(82);
        expect([...days].filter((day) => !open.has(day))).toEqual([]);
        expect([...days].filter((day) => days.has(addDays(day, 1)) && days.has(addDays(day, 2)))).toEqual([]);
      }
    });
  });

  it("has games on two days running for every team, but not too many", () => {
    forAnySeed((fixtures) => {
      for (const team of FRANCHISES) {
        const days = new Set(daysOf(team, fixtures));
        const running = [...days].filter((day) => days.has(addDays(day, 1))).length;
        expect(running).toBeGreaterThanOrEqual(5);
        expect(running).toBeLessThanOrEqual(25);
      }
    });
  });

  it("opens with two games, plays five at Christmas, and ends with everybody", () => {
    forAnySeed((fixtures) => {
      const on = (day: string) => fixtures.filter(({ date }) => date === day).length;
      expect([on("2025-10-21"), on("2025-12-25"), on("2026-04-12")]).toEqual([2, 5, 15]);
    });
  });

  it("moves two games to a later day, under the same id", () => {
    forAnySeed((fixtures) => {
      const moved = fixtures.filter(({ postponedFrom }) => postponedFrom !== undefined);
      expect(moved).toHaveLength(2);
      for (const { date, postponedFrom = date } of moved) expect(date > postponedFrom).toBe(true);
    });
  });
});
