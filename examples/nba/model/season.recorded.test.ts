import { addDays } from "headworks-example-kit/days.ts";
import { describe, expect, it } from "vitest";
import { readAliases } from "../names/aliases.ts";
import { recordedLines, recordedPredictions, recordedRoster } from "../names/recorded-season.fixture.ts";
import { resolveName } from "../names/resolve.ts";
import { indexRoster } from "../names/roster.ts";
import { type BoxLine, type FeatureRow, rollingFeatures } from "./features.ts";
import { gradePredictions } from "./grading.ts";
import { gradeLines } from "./grading-lines.ts";
import { errorOf } from "./linear-model.ts";
import { fitRidge } from "./ridge.ts";

const predictions = recordedPredictions();
const lines = recordedLines();

// The record has only the sum of points, rebounds and assists, and neither minutes nor teams.
const boxLines: readonly BoxLine[] = predictions.map((row) => ({
  player_id: row.PLAYER_ID,
  game_id: row.GAME_ID,
  date: row.GAME_DATE,
  opponent: "unknown",
  points: row.PRA,
  rebounds: 0,
  assists: 0,
  minutes: 1,
}));
const byDay = Map.groupBy(predictions, ({ GAME_DATE }) => GAME_DATE);

function featuresOf(day: string, from: readonly BoxLine[]): FeatureRow[] {
  const players = (byDay.get(day) ?? []).map((row) => ({ player_id: row.PLAYER_ID, team: row.GAME_ID }));
  const games = [...new Set(players.map(({ team }) => team))];
  const slate = games.map((game) => ({ game_id: game, home_team: game, away_team: "nobody" }));
  return rollingFeatures({ day, games: slate, players, lines: from });
}

const features = [...byDay.keys()].flatMap((day) => featuresOf(day, boxLines));
const keyOf = (player: number | undefined, game: string) => `${player} ${game}`;
const featuresByKey = new Map(features.map((row) => [keyOf(row.player_id, row.game_id), row]));
const joined = predictions.map((row) => {
  const found = featuresByKey.get(keyOf(row.PLAYER_ID, row.GAME_ID));
  if (found === undefined) throw new Error(`no features of ${row.PLAYER_NAME} in ${row.GAME_ID}`);
  return { ...found, predicted: row.predicted_PRA, actual: row.PRA };
});

describe("the features of the recorded season", () => {
  it("are one row for each of the 25,307 predictions", () => {
    expect([features.length, featuresByKey.size]).toEqual([25_307, 25_307]);
  });

  it.each(["2023-11-10", "2024-01-15", "2024-04-14"])(
    "of %s are the same whatever was played that day and later",
    (day) => {
      const rows = featuresOf(day, boxLines);
      expect(rows.length).toBeGreaterThan(50);
      const earlier = boxLines.filter(({ date }) => date < day);
      expect(featuresOf(day, earlier)).toEqual(rows);
      const otherwise = boxLines.map((row) => (row.date < day ? row : { ...row, points: 1_000 }));
      expect(featuresOf(day, otherwise)).toEqual(rows);
    },
  );
});

describe("the recorded predictions", () => {
  const grade = gradePredictions(
    joined.map(({ predicted, actual, pra_season }) => ({ predicted, actual, seasonAverage: pra_season })),
  );

  it("are off by 8.11 in the mean, more than the season average, which is off by 6.31", () => {
    expect(grade).toMatchObject({
      predictions: 25_307,
      graded: 25_307,
      compared: 24_772,
      withoutAverage: 535,
    });
    expect(grade.error?.mae).toBeCloseTo(8.113, 3);
    expect(grade.modelError?.mae).toBeCloseTo(8.1332, 3);
    expect(grade.averageError?.mae).toBeCloseTo(6.3122, 3);
    expect(grade.improvement).toBeCloseTo(-0.288, 3);
  });

  it("are beaten on the last days by a ridge regression on rolling means, and so is the season average", () => {
    const known = joined.filter(({ games_played }) => games_played >= 5);
    const model = fitRidge({
      rows: known,
      features: ["pra_last_5", "pra_last_10", "pra_season", "rest_days", "back_to_back"],
      target: "actual",
      lambdas: [0, 1, 10, 100, 1_000],
      validationShare: 0.2,
    });
    const held = known.filter(({ date }) => date >= model.validation.from);
    expect(held).toHaveLength(model.validation.rows);
    const average = errorOf(held.map(({ pra_season, actual }) => ({ predicted: pra_season ?? 0, actual })));
    expect(model.error.mae).toBeLessThan(average.mae);
    expect(average.mae).toBeLessThan(errorOf(held).mae);
  });
});

describe("the recorded lines", () => {
  const roster = indexRoster(recordedRoster(lines, predictions), readAliases());
  const outcomes = new Map(predictions.map((row) => [keyOf(row.PLAYER_ID, row.GAME_DATE), row]));
  const graded = gradeLines(
    lines.map((line) => {
      const context = { teams: [line.home_team, line.away_team], date: line.event_date };
      const answer = resolveName(line.player_name, roster, context);
      const player = answer.kind === "resolved" ? answer.playerId : undefined;
      // Some events bear the day after that of the game.
      const days = [line.event_date, addDays(line.event_date, -1)];
      const outcome = days
        .map((day) => outcomes.get(keyOf(player, day)))
        .find((found) => found !== undefined);
      return {
        bookmaker: line.bookmaker,
        line: line.line,
        overPrice: line.over_price,
        underPrice: line.under_price,
        predicted: outcome?.predicted_PRA ?? null,
        actual: outcome?.PRA ?? null,
      };
    }),
  );
  const totalOf = (count: (grade: (typeof graded)[number]) => number) =>
    graded.reduce((sum, grade) => sum + count(grade), 0);

  it("are each graded, or without an actual, and the counts add up", () => {
    expect([graded.length, totalOf(({ lines }) => lines)]).toEqual([10, 29_592]);
    expect(totalOf((grade) => grade.graded)).toBe(24_393);
    expect(totalOf(({ withoutActual }) => withoutActual)).toBe(5_199);
    expect(totalOf(({ over, under, pushes }) => over.won + under.won + pushes)).toBe(24_393);
    expect(totalOf((grade) => grade.hits + grade.misses + grade.pickPushes + grade.withoutPick)).toBe(24_393);
  });

  it("never push, since each is a half", () => {
    expect(totalOf(({ pushes }) => pushes)).toBe(0);
  });

  it.each([
    ["Barstool Sportsbook", 122, 6.107, 0.533, 0.5],
    ["BetMGM", 3_842, 6.236, 0.473, 0.51],
    ["BetOnline.ag", 3_962, 6.219, 0.477, 0.507],
    ["BetRivers", 1_566, 7.044, 0.49, 0.559],
    ["Bovada", 2_075, 6.78, 0.472, 0.515],
    ["Caesars", 3_774, 6.453, 0.472, 0.513],
    ["DraftKings", 2_885, 6.718, 0.467, 0.507],
    ["FanDuel", 1_930, 6.739, 0.478, 0.536],
    ["PointsBet (US)", 2_665, 6.553, 0.466, 0.516],
    ["Unibet", 1_572, 7.025, 0.49, 0.559],
  ])("of %s: %d graded, off by %d; over hit %d, the recorded predictions %d", (bookmaker, ...facts) => {
    const grade = graded.find((its) => its.bookmaker === bookmaker);
    const found = [grade?.graded, grade?.meanAbsoluteError, grade?.over.hitRate, grade?.hitRate];
    for (const [at, fact] of facts.entries()) expect(found[at]).toBeCloseTo(fact, 3);
  });

  it("have too low a price for either side of most bookmakers", () => {
    const losing = graded.filter(
      ({ over, under }) => (over.meanReturn ?? 0) < 0 && (under.meanReturn ?? 0) < 0,
    );
    expect(losing).toHaveLength(8);
  });
});
