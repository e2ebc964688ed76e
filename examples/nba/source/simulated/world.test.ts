import fc from "fast-check";
import { eachDay } from "headworks-example-kit/days.ts";
import { describe, expect, it } from "vitest";
import { FRANCHISES } from "./franchises.ts";
import { drawWorld, type World } from "./world.ts";

// Other seeds in every run; all properties share them.
const [runSeed = 0] = fc.sample(fc.integer(), 1);
const worlds = new Map<number, World>();

function worldOf(seed: number): World {
  const world = worlds.get(seed) ?? drawWorld(seed, "2025-26");
  worlds.set(seed, world);
  return world;
}

function forAnySeed(check: (world: World) => void): void {
  const property = fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seed) => check(worldOf(seed)));
  fc.assert(property, { numRuns: 12, seed: runSeed, endOnFailure: true });
}

describe("the people of a simulated season, for any seed", () => {
  it("are fifteen to seventeen per team, each with an id and a name of his own", () => {
    forAnySeed(({ players }) => {
      for (const team of FRANCHISES) {
        const squad = players.filter(({ firstTeam }) => firstTeam === team).length;
        expect(squad).toBeGreaterThanOrEqual(15);
        expect(squad).toBeLessThanOrEqual(17);
      }
      expect(new Set(players.map(({ playerId }) => playerId)).size).toBe(players.length);
      expect(new Set(players.map(({ name }) => name)).size).toBe(players.length);
    });
  });

  it("have names that are hard to match: accents, suffixes, initials", () => {
    forAnySeed(({ players }) => {
      const names = players.map(({ name }) => name);
      expect(
        names.some(
          (name) => /\p{Script=Latin}/u.test(name) && name !== name.normalize("NFD").replace(/\p{M}/gu, ""),
        ),
      ).toBe(true);
      expect(names.some((name) => / (Jr\.|II|III|IV)$/.test(name))).toBe(true);
      expect(names.some((name) => /^[A-Z]\.?[A-Z]\.? /.test(name))).toBe(true);
    });
  });

  it("change teams before the deadline, as many one way as the other", () => {
    forAnySeed(({ rosters, calendar, players }) => {
      expect(rosters.trades.length).toBeGreaterThanOrEqual(12);
      for (const { date, player, to } of rosters.trades) {
        expect(date <= calendar.tradeDeadline).toBe(true);
        expect(rosters.teamOn(player, calendar.firstDay)).toBe(player.firstTeam);
        expect(rosters.teamOn(player, date)).toBe(to);
        expect(to).not.toBe(player.firstTeam);
      }
      for (const team of FRANCHISES) {
        const before = players.filter(({ firstTeam }) => firstTeam === team).length;
        expect(rosters.on(team, calendar.lastDay)).toHaveLength(before);
      }
    });
  });

  it("are hurt now and then, but never so many that their team could not play", () => {
    forAnySeed(({ rosters, calendar, isOut, players }) => {
      const days = eachDay(calendar.firstDay, calendar.lastDay).filter((_, at) => at % 9 === 0);
      for (const day of days) {
        for (const team of FRANCHISES)
          expect(rosters.on(team, day).filter((player) => !isOut(player, day)).length).toBeGreaterThanOrEqual(
            10,
          );
      }
      expect(players.some((player) => days.some((day) => isOut(player, day)))).toBe(true);
    });
  });
});
