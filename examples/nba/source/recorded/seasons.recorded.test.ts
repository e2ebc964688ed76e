import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { eachDay } from "headworks-example-kit/days.ts";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { readCsv } from "../csv.ts";
import type { PartialLeague } from "../league.ts";
import { recordedLeague } from "../recorded.ts";
import { startSource } from "../server.ts";

const DATA =
  process.env.HEADWORKS_RECORDED_DATA ?? resolve(import.meta.dirname, "../../../../../shared/data");
const PAGES = join(DATA, "nba-bref-html", "pages", "schedule");
const MONTHS = ["october", "november", "december", "january", "february", "march", "april", "may", "june"];

async function start(league: PartialLeague): Promise<string> {
  const source = await startSource({ league });
  onTestFinished(() => source.close());
  return source.url;
}

async function offeredBy(league: PartialLeague): Promise<string[]> {
  const answer = z.object({ resources: z.array(z.object({ resource: z.string(), offered: z.boolean() })) });
  const { resources } = answer.parse(await (await fetch(`${await start(league)}/capabilities`)).json());
  return resources.filter(({ offered }) => offered).map(({ resource }) => resource);
}

const season2025 = recordedLeague(DATA);
const season2023 = recordedLeague(DATA, { season: "2023-24" });
const season2017 = recordedLeague(DATA, { season: "2017-18" });

describe("the recorded seasons", () => {
  it("offer what was recorded of each", async () => {
    const games = ["schedule", "games-log", "box-scores"];
    expect(await offeredBy(season2025)).toEqual(["season", "teams", "players", "rosters", ...games]);
    expect(await offeredBy(season2023)).toEqual(["season", "prop-lines", "pra-actuals"]);
    expect(await offeredBy(season2017)).toEqual(["season", "schedule-pages"]);
    expect(season2025.coverage.boxScore).toEqual({ seasonTypes: ["playoffs"] });
    expect(() => recordedLeague(DATA, { season: "2001-02" })).toThrow("season 2001-02 was not recorded");
  });
});

describe("the game log of 2025-26", () => {
  const { season, coverage, gameLog, schedule } = season2025;
  const days = { from: season().firstDay, to: season().lastDay };
  const lines = gameLog?.(days) ?? [];
  const games = eachDay(days.from, coverage.gameLog?.to ?? "").flatMap(schedule);

  it("has 1,688 lines of 844 games, up to the day it was recorded", () => {
    expect(lines).toHaveLength(1_688);
    expect(new Set(lines.map(({ GAME_ID }) => GAME_ID)).size).toBe(844);
    expect([lines.at(0)?.GAME_DATE, lines.at(-1)?.GAME_DATE]).toEqual([
      coverage.gameLog?.from,
      coverage.gameLog?.to,
    ]);
  });

  it("agrees with the schedule in all games that both have", () => {
    expect(games).toHaveLength(839);
    for (const { gameId, date, homeTeam, awayTeam, homePoints, awayPoints } of games) {
      const points = new Map(
        lines.filter(({ GAME_ID }) => GAME_ID === gameId).map((line) => [line.TEAM_ABBREVIATION, line]),
      );
      expect([...points.keys()].toSorted()).toEqual([homeTeam, awayTeam].toSorted());
      expect(points.get(homeTeam)).toMatchObject({ PTS: homePoints, GAME_DATE: date });
      expect(points.get(awayTeam)).toMatchObject({ PTS: awayPoints, GAME_DATE: date });
    }
  });

  it("has the five games on a neutral floor that the schedule lacks", () => {
    const listed = new Set(games.map(({ gameId }) => gameId));
    const extra = lines.filter(({ GAME_ID }) => !listed.has(GAME_ID));
    expect([...new Set(extra.map(({ GAME_ID }) => GAME_ID))].toSorted()).toEqual([
      "0022500147",
      "0022500578",
      "0022500602",
      "0022501229",
      "0022501230",
    ]);
    expect(lines.filter(({ MATCHUP }) => MATCHUP.includes("@"))).toHaveLength(844 + 5);
    expect(extra.every(({ MATCHUP }) => MATCHUP.includes("@"))).toBe(true);
  });

  it("has rosters as of the end of the season, whatever the day", () => {
    const rosters = season2025.rosters?.("2025-12-01");
    expect(rosters?.teamsAsOf).toBe("2026-04-12");
    expect(rosters?.players).toHaveLength(582);
    expect(rosters?.players.every(({ tricode }) => /^[A-Z]{3}$/.test(tricode))).toBe(true);
  });
});

describe("the props of 2023-24", () => {
  const days = eachDay(season2023.season().firstDay, season2023.season().lastDay);
  const lines = days.flatMap((day) => season2023.propLines?.(day) ?? []);
  const actuals = days.flatMap((day) => season2023.praActuals?.(day) ?? []);

  it("are 29,592 lines of ten bookmakers, with 29 prices missing, 1,262 of them a second one", () => {
    expect(lines).toHaveLength(29_592);
    expect(new Set(lines.map(({ bookmaker }) => bookmaker)).size).toBe(10);
    expect(lines.filter(({ overPrice }) => overPrice === null)).toHaveLength(12);
    expect(lines.filter(({ underPrice }) => underPrice === null)).toHaveLength(17);
    const keys = new Set(lines.map((line) => `${line.playerName} ${line.eventId} ${line.bookmaker}`));
    expect(lines.length - keys.size).toBe(1_262);
  });

  it("have what 25,307 of them came to, by players and games", () => {
    expect(actuals).toHaveLength(25_307);
    expect(new Set(actuals.map(({ playerId, gameId }) => `${playerId} ${gameId}`)).size).toBe(25_307);
    expect(actuals.every(({ gameId }) => /^00[2-5]23\d{5}$/.test(gameId))).toBe(true);
    expect(season2023.praActuals?.("2023-11-02")?.[0]).toEqual({
      playerId: 1_631_093,
      name: "Jaden Ivey",
      gameId: "0022300129",
      date: "2023-11-02",
      pra: 19,
      predictedPra: 14.696554,
    });
  });

  it("are within the days that are declared", () => {
    const { propLines, praActuals } = season2023.coverage;
    const range = (dates: string[]) => ({ from: dates.toSorted().at(0), to: dates.toSorted().at(-1) });
    expect(propLines).toMatchObject(range(lines.map(({ eventDate }) => eventDate)));
    expect(praActuals).toMatchObject(range(actuals.map(({ date }) => date)));
  });
});

describe("the pages of 2017-18", () => {
  it("are served as they were saved", async () => {
    const url = await start(season2017);
    for (const month of MONTHS) {
      const response = await fetch(`${url}/pages/schedule/2018/${month}.html`);
      expect([response.status, response.headers.get("content-type")]).toEqual([
        200,
        "text/html; charset=utf-8",
      ]);
      const saved = readFileSync(join(PAGES, "2018", `${month}.html`));
      expect(Buffer.from(await response.arrayBuffer()).equals(saved)).toBe(true);
    }
  });

  it("end in the page for what is not found", async () => {
    const url = await start(season2017);
    const notFound = readFileSync(join(PAGES, "not-found.html"), "utf8");
    for (const page of ["2018/july.html", "2019/may.html", "2018/..%2Fnot-found.html", "2018/may"]) {
      const response = await fetch(`${url}/pages/schedule/${page}`);
      expect([response.status, (await response.text()) === notFound]).toEqual([404, true]);
    }
  });

  it("begin and end with the days that are declared", () => {
    const row = z.object({ start_time: z.string() });
    const games = readCsv(join(DATA, "nba-bref-html", "expected", "2018_season_schedule.csv"), row);
    expect(games).toHaveLength(1_312);
    // Start times are UTC: in the evening of the day before.
    expect([games.at(0)?.start_time.slice(0, 10), games.at(-1)?.start_time.slice(0, 10)]).toEqual([
      "2017-10-18",
      "2018-06-09",
    ]);
    expect(season2017.season()).toMatchObject({ firstDay: "2017-10-17", lastDay: "2018-06-08" });
  });
});
