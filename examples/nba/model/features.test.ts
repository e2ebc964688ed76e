import fc from "fast-check";
import { addDays } from "headworks-example-kit/days.ts";
import { describe, expect, it } from "vitest";
import { type BoxLine, type DaySlate, rollingFeatures } from "./features.ts";

const DAY = "2024-02-01";
const line = (daysBefore: number, points: number, more: Partial<BoxLine> = {}): BoxLine => ({
  player_id: 1,
  game_id: `game ${daysBefore}`,
  date: addDays(DAY, -daysBefore),
  opponent: "MIA",
  points,
  rebounds: 2,
  assists: 1,
  minutes: 30,
  ...more,
});
const slate = (lines: readonly BoxLine[]): DaySlate => ({
  day: DAY,
  games: [{ game_id: "today", home_team: "BOS", away_team: "NYK" }],
  players: [
    { player_id: 1, team: "BOS", position: "G" },
    { player_id: 2, team: "NYK", position: "C" },
    { player_id: 3, team: "LAL", position: "C" },
  ],
  lines,
});
const featuresOf = (lines: readonly BoxLine[], playerId = 1) =>
  rollingFeatures(slate(lines)).find(({ player_id }) => player_id === playerId);

describe("the features of a day", () => {
  it("are a row for every player of the two teams of each game, home first", () => {
    expect(rollingFeatures(slate([]))).toMatchObject([
      { player_id: 1, game_id: "today", date: DAY, home: 1 },
      { player_id: 2, game_id: "today", date: DAY, home: 0 },
    ]);
    expect(rollingFeatures({ ...slate([]), games: [] })).toEqual([]);
  });

  it("have means over the last five games, the last ten and all", () => {
    // The latest game had 12 points, the first one 1.
    const lines = Array.from({ length: 12 }, (_, at) => line(12 - at, at + 1));
    expect(featuresOf(lines)).toMatchObject({
      games_played: 12,
      points_last_5: 10,
      points_last_10: 7.5,
      points_season: 6.5,
      pra_last_5: 13,
      pra_season: 9.5,
      rebounds_last_10: 2,
      assists_season: 1,
      minutes_last_5: 30,
    });
  });

  it("have means of as many games as there are, and none before the first", () => {
    expect(featuresOf([line(3, 10), line(1, 20)])).toMatchObject({ points_last_5: 15, points_season: 15 });
    expect(featuresOf([])).toMatchObject({
      games_played: 0,
      pra_last_5: null,
      minutes_season: null,
      rest_days: null,
      back_to_back: 0,
      opponent_pra_allowed: null,
      opponent_pra_allowed_to_position: null,
    });
  });

  it("leave out games in which the player did not play", () => {
    expect(featuresOf([line(3, 10), line(1, 0, { minutes: 0 })])).toMatchObject({
      games_played: 1,
      points_season: 10,
      rest_days: 2,
    });
  });

  it("count the full days of rest, across the end of a month and a change of the clock", () => {
    expect(featuresOf([line(1, 10)])).toMatchObject({ rest_days: 0, back_to_back: 1 });
    expect(featuresOf([line(4, 10)])).toMatchObject({ rest_days: 3, back_to_back: 0 });
    const [spring] = rollingFeatures({ ...slate([line(0, 10, { date: "2024-03-09" })]), day: "2024-03-11" });
    expect(spring).toMatchObject({ rest_days: 1 });
  });

  it("have what the opponent allowed per game, to all and to the position", () => {
    const against = (game: string, position: string, points: number, opponent = "NYK") =>
      line(5, points, { player_id: 9, game_id: game, opponent, position });
    const lines = [
      against("a", "G", 10),
      against("a", "C", 20),
      against("b", "G", 30),
      against("b", "", 40),
      against("c", "G", 99, "LAL"),
    ];
    // Three more for the rebounds and assists of each line.
    expect(featuresOf(lines)).toMatchObject({
      opponent_pra_allowed: (10 + 20 + 30 + 40 + 4 * 3) / 2,
      opponent_pra_allowed_to_position: (10 + 30 + 2 * 3) / 2,
    });
  });
});

const someLine = fc
  .record({
    player_id: fc.constantFrom(1, 2, 9),
    before: fc.integer({ min: -5, max: 20 }),
    opponent: fc.constantFrom("BOS", "NYK", "MIA"),
    points: fc.nat({ max: 50 }),
    minutes: fc.double({ min: 0, max: 48, noNaN: true }),
    position: fc.constantFrom("G", "C", "", undefined),
  })
  .map(({ before, ...more }) => line(before, more.points, more));
const someLines = fc.uniqueArray(someLine, {
  selector: ({ player_id, game_id }) => `${player_id} ${game_id}`,
  maxLength: 40,
});

describe("whatever the lines", () => {
  it("no game of the day or later changes anything", () => {
    fc.assert(
      fc.property(someLines, someLines, (lines, others) => {
        const earlier = lines.filter(({ date }) => date < DAY);
        const later = others.filter(({ date }) => date >= DAY);
        expect(rollingFeatures(slate([...later, ...earlier]))).toEqual(rollingFeatures(slate(earlier)));
      }),
    );
  });

  it("their order changes nothing, not even the last digit", () => {
    const shuffled = someLines.chain((lines) =>
      fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length })),
    );
    fc.assert(
      fc.property(shuffled, ([lines, other]) => {
        expect(rollingFeatures(slate(other))).toEqual(rollingFeatures(slate(lines)));
      }),
    );
  });

  it("a game of the day before does count", () => {
    fc.assert(
      fc.property(someLines, (lines) => {
        const earlier = lines.filter(({ date }) => date < addDays(DAY, -1));
        const before = featuresOf(earlier)?.games_played ?? 0;
        expect(featuresOf([line(1, 30), ...earlier])?.games_played).toBe(before + 1);
      }),
    );
  });
});
