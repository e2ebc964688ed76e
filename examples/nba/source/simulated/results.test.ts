import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BoxScore, boxScore, type PlayerLine } from "../box-score.ts";
import { resultsOf } from "./results.ts";
import { drawWorld } from "./world.ts";

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const secondsOf = (minutes: string) =>
  sum(minutes.split(":").map((part, at) => Number(part) * (at === 0 ? 60 : 1)));

function overtimesOf({ gameStatusText }: BoxScore): number {
  const match = /^Final(?:\/OT(\d*))?$/.exec(gameStatusText);
  return match?.[1] === undefined ? 0 : Number(match[1] || "1");
}

function addsUp(line: PlayerLine): boolean {
  const twos = line.fieldGoalsMade - line.threePointersMade;
  return (
    2 * twos + 3 * line.threePointersMade + line.freeThrowsMade === line.points &&
    line.reboundsOffensive + line.reboundsDefensive === line.reboundsTotal &&
    line.fieldGoalsMade <= line.fieldGoalsAttempted &&
    line.threePointersMade <= line.threePointersAttempted &&
    line.freeThrowsMade <= line.freeThrowsAttempted &&
    line.foulsPersonal <= 6
  );
}

// Other seeds in every run; all properties share them, since making a season takes its time.
const [runSeed = 0] = fc.sample(fc.integer(), 1);
const samples = new Map<number, BoxScore[]>();

function sampleOf(seed: number): BoxScore[] {
  const known = samples.get(seed);
  if (known !== undefined) return known;
  const world = drawWorld(seed, "2025-26");
  const { boxScoreOf } = resultsOf(world);
  // Early games, as their records are short; of every seed other ones.
  const sample = world.fixtures
    .slice(0, 70)
    .filter((_, at) => at % 7 === seed % 7)
    .map(boxScoreOf);
  samples.set(seed, sample);
  return sample;
}

function forAnySeed(check: (box: BoxScore) => void): void {
  const property = fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seed) =>
    sampleOf(seed).forEach(check),
  );
  fc.assert(property, { numRuns: 16, seed: runSeed, endOnFailure: true });
}

describe("a simulated box score, for any seed", () => {
  it("has exactly the recorded shape, and one line per player", () => {
    forAnySeed((box) => {
      expect(boxScore.parse(box)).toEqual(box);
      expect(new Set(box.players.map(({ personId }) => personId)).size).toBe(box.players.length);
      expect(box.players.filter(({ minutes }) => minutes.endsWith(":60"))).toEqual([]);
    });
  });

  it("adds up: players to teams, quarters and overtime to the score, baskets to points", () => {
    forAnySeed((box) => {
      for (const team of box.teams) {
        const lines = box.players.filter(({ teamId }) => teamId === team.teamId);
        const stats = box.teamStats.find(({ teamId }) => teamId === team.teamId);
        const overtime = team.score - team.q1 - team.q2 - team.q3 - team.q4;
        expect(sum(lines.map(({ points }) => points))).toBe(team.score);
        expect(overtimesOf(box) === 0 ? overtime === 0 : overtime >= 0).toBe(true);
        expect(stats).toMatchObject({
          points: team.score,
          reboundsTotal: sum(lines.map(({ reboundsTotal }) => reboundsTotal)),
          assists: sum(lines.map(({ assists }) => assists)),
          turnovers: sum(lines.map(({ turnovers }) => turnovers)),
          benchPoints: sum(lines.filter(({ position }) => position === "").map(({ points }) => points)),
        });
      }
      expect(box.players.filter((line) => !addsUp(line))).toEqual([]);
    });
  });

  it("has a winner, and was level after four quarters exactly when there was overtime", () => {
    forAnySeed((box) => {
      const [home, away] = box.teams.map((team) => ({
        ...team,
        regulation: team.q1 + team.q2 + team.q3 + team.q4,
      }));
      expect(home?.score).not.toBe(away?.score);
      expect(home?.regulation === away?.regulation).toBe(overtimesOf(box) > 0);
    });
  });

  it("gives each team 240 minutes and five starters, 25 minutes more for each overtime", () => {
    forAnySeed((box) => {
      const game = (48 + 5 * overtimesOf(box)) * 60;
      for (const { teamId } of box.teams) {
        const lines = box.players.filter((line) => line.teamId === teamId);
        expect(sum(lines.map(({ minutes }) => secondsOf(minutes)))).toBe(5 * game);
        expect(Math.max(...lines.map(({ minutes }) => secondsOf(minutes)))).toBeLessThanOrEqual(game);
        expect(lines.slice(0, 5).map(({ position }) => position)).toEqual(["F", "F", "C", "G", "G"]);
        expect(lines.slice(5).every(({ position }) => position === "")).toBe(true);
      }
    });
  });

  it("shares a margin among the five on the floor", () => {
    forAnySeed((box) => {
      const [home, away] = box.teams.map(({ score }) => score);
      const plusMinus = (teamId: number | undefined) =>
        sum(box.players.filter((line) => line.teamId === teamId).map((line) => line.plusMinusPoints));
      expect(plusMinus(box.teams[0]?.teamId)).toBe(5 * ((home ?? 0) - (away ?? 0)));
      expect(plusMinus(box.teams[1]?.teamId)).toBe(5 * ((away ?? 0) - (home ?? 0)));
    });
  });
});

describe("the results of a season", () => {
  const world = drawWorld(7, "2025-26");
  const results = resultsOf(world);

  it("count up to records of 82 games, as many won as lost", () => {
    const last = world.fixtures.filter(({ date }) => date === world.calendar.lastDay).map(results.boxScoreOf);
    const records = last.flatMap(({ teams }) => teams);
    expect(records).toHaveLength(30);
    expect(records.every(({ wins, losses }) => wins + losses === 82)).toBe(true);
    expect(sum(records.map(({ wins }) => wins))).toBe(1_230);
  });

  it("have nobody who is hurt, nor anybody of another team", () => {
    const known = new Map(world.players.map((player) => [player.playerId, player]));
    const wrong = world.fixtures.flatMap((fixture) => {
      const lines = results.boxScoreOf(fixture).players;
      return lines.filter(({ personId, tricode }) => {
        const player = known.get(personId);
        if (player === undefined || world.isOut(player, fixture.date)) return true;
        return world.rosters.teamOn(player, fixture.date).tricode !== tricode;
      });
    });
    expect(wrong).toEqual([]);
  });

  it("look like basketball: home wins more often, some games need overtime, teams differ", () => {
    const scores = world.fixtures.map((fixture) => results.scoreOf(fixture));
    const homeWins = scores.filter(([home, away]) => home > away).length / scores.length;
    const points = sum(scores.flat()) / (2 * scores.length);
    expect(homeWins).toBeGreaterThan(0.5);
    expect(homeWins).toBeLessThan(0.65);
    expect(points).toBeGreaterThan(108);
    expect(points).toBeLessThan(122);
  });

  it("do not depend on what was asked before", () => {
    const fixture = world.fixtures[900];
    const again = drawWorld(7, "2025-26");
    const same = again.fixtures[900];
    if (fixture === undefined || same === undefined) throw new Error("the season is too short");
    expect(resultsOf(again).boxScoreOf(same)).toEqual(results.boxScoreOf(fixture));
  });
});
