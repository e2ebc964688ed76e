import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { eachDay } from "headworks-example-kit/days.ts";
import { describe, expect, it, onTestFinished } from "vitest";
import { type BoxScore, boxScore } from "./box-score.ts";
import { readCsv } from "./csv.ts";
import type { Game } from "./league.ts";
import { standingsRow } from "./recorded/rows.ts";
import { recordedLeague } from "./recorded.ts";
import { startSource } from "./server.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
const DATA = process.env.HEADWORKS_RECORDED_DATA ?? resolve(ROOT, "../shared/data");
const FOLDER = join(DATA, "nba-season-2025-26");

const league = recordedLeague(DATA);
const { firstDay, lastDay } = league.season();
const games = eachDay(firstDay, lastDay).flatMap((day) => league.schedule(day));
const regular = games.filter(({ seasonType }) => seasonType === "regular");
const playoffs = games.filter(({ seasonType }) => seasonType === "playoffs");
const tricodes = new Map(league.teams().map(({ teamId, tricode }) => [teamId, tricode]));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

const winnerOf = ({ homeTeam, awayTeam, homePoints, awayPoints }: Game) =>
  (homePoints ?? 0) > (awayPoints ?? 0) ? homeTeam : awayTeam;

function theBoxScore({ gameId }: Game): BoxScore {
  const box = league.boxScore(gameId);
  if (box === undefined) throw new Error(`game ${gameId} has no box score`);
  return box;
}

describe("the recorded season", () => {
  it("has 1,225 of its 1,230 regular games, and 85 of the play-offs", () => {
    expect([regular.length, playoffs.length]).toEqual([1_225, 85]);
    const ids = new Set(regular.map(({ gameId }) => gameId));
    const missing = Array.from({ length: 1_230 }, (_, at) => `00225${String(at + 1).padStart(5, "0")}`);
    expect(missing.filter((id) => !ids.has(id))).toEqual([
      "0022500147",
      "0022500578",
      "0022500602",
      "0022501229",
      "0022501230",
    ]);
    expect(league.season()).toEqual({
      season: "2025-26",
      firstDay: "2025-10-21",
      lastDay: "2026-06-13",
      lastRegularDay: "2026-04-12",
      gamesPerTeam: 82,
    });
  });

  it("has thirty teams with tricodes, and 582 players of these teams", () => {
    expect(new Set(tricodes.values()).size).toBe(30);
    expect(tricodes.get(1_610_612_746)).toBe("LAC");
    expect(new Set(games.flatMap(({ homeTeam, awayTeam }) => [homeTeam, awayTeam]))).toEqual(
      new Set(tricodes.values()),
    );
    expect(league.players()).toHaveLength(582);
    expect(league.players().every(({ teamId }) => tricodes.has(teamId))).toBe(true);
  });

  it("has no team twice on a day", () => {
    const places = games.flatMap(({ date, homeTeam, awayTeam }) => [
      `${date} ${homeTeam}`,
      `${date} ${awayTeam}`,
    ]);
    expect(new Set(places).size).toBe(places.length);
  });

  it("agrees with the standings, but for the ten results that the five missing games would give", () => {
    const missing = readCsv(join(FOLDER, "standings.csv"), standingsRow).map((row) => {
      const team = tricodes.get(row.TEAM_ID);
      const played = regular.filter(({ homeTeam, awayTeam }) => homeTeam === team || awayTeam === team);
      const wins = played.filter((game) => winnerOf(game) === team).length;
      return { team, wins: row.WINS - wins, losses: row.LOSSES - (played.length - wins) };
    });
    const incomplete = missing.filter(({ wins, losses }) => wins !== 0 || losses !== 0);
    expect(incomplete.map(({ team }) => team).sort()).toEqual([
      "DAL",
      "DET",
      "MEM",
      "NYK",
      "OKC",
      "ORL",
      "SAS",
    ]);
    expect(incomplete.every(({ wins, losses }) => wins >= 0 && losses >= 0)).toBe(true);
    expect([sum(missing.map(({ wins }) => wins)), sum(missing.map(({ losses }) => losses))]).toEqual([5, 5]);
  });

  it("has a box score for each game of the play-offs, and for no other", () => {
    expect(playoffs.map(theBoxScore)).toHaveLength(85);
    expect(readdirSync(join(FOLDER, "boxscores"))).toHaveLength(85);
    expect(regular.filter(({ gameId }) => league.boxScore(gameId) !== undefined)).toEqual([]);
    expect(league.boxScore("../standings")).toBeUndefined();
  });

  it("has box scores that add up, and agree with the schedule", () => {
    for (const game of playoffs) {
      const box = theBoxScore(game);
      const scores = new Map(box.teams.map(({ tricode, score }) => [tricode, score]));
      expect([scores.get(game.homeTeam), scores.get(game.awayTeam)]).toEqual([
        game.homePoints,
        game.awayPoints,
      ]);
      expect(game.startsAtUtc).toBe(box.gameTimeUTC);
      for (const { tricode, score, q1, q2, q3, q4 } of box.teams) {
        const lines = box.players.filter((line) => line.tricode === tricode);
        expect(sum(lines.map(({ points }) => points))).toBe(score);
        expect(box.gameStatusText === "Final" ? q1 + q2 + q3 + q4 : score).toBe(score);
      }
    }
  });

  it("is served by the same routes as a simulated one", async () => {
    const source = await startSource({ league });
    onTestFinished(() => source.close());
    const get = async (path: string) => (await fetch(source.url + path)).json();
    expect(await get("/schedule?date=2025-10-21")).toMatchObject({
      games: [
        {
          gameId: "0022500001",
          homeTeam: "OKC",
          awayTeam: "HOU",
          homePoints: 125,
          awayPoints: 124,
          seasonType: "regular",
        },
        {
          gameId: "0022500002",
          homeTeam: "LAL",
          awayTeam: "GSW",
          homePoints: 109,
          awayPoints: 119,
          seasonType: "regular",
        },
      ],
    });
    expect(await get("/schedule?date=2025-11-27")).toEqual({ date: "2025-11-27", games: [] });
    expect(boxScore.parse(await get("/box-scores/0042500405"))).toMatchObject({ gameId: "0042500405" });
    expect(await get("/box-scores/0022500001")).toMatchObject({ error: { code: "box_score_not_found" } });
  });
});
