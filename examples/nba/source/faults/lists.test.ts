import { describe, expect, it, onTestFinished } from "vitest";
import { type GameLogLine, linesOf, resultSet } from "../game-log.ts";
import { gameSummary } from "../game-summary.ts";
import type { PartialLeague } from "../league.ts";
import { startSource } from "../server.ts";
import { simulateLeague } from "../simulated/simulate-league.ts";
import { parseFault } from "./parse-fault.ts";

const DAY = "2026-01-14";
const league = simulateLeague({ seed: 1 });
const gameId = league.schedule(DAY)[0]?.gameId ?? "";
const LOG = `/games/log?date=${DAY}`;
const LINES = `/prop-lines?date=${DAY}`;
const SUMMARY = `/play-by-play/${gameId}/summary`;
const PAGE = "/pages/schedule/2018/january.html";
const ROW = '<tr><td data-stat="home_team_name">Somebody</td></tr>\n';
const page = (rows: number) => `<table><tbody>${ROW.repeat(rows)}</tbody></table>`;
const pages: PartialLeague = {
  season: league.season,
  coverage: {},
  schedulePage: () => ({ status: 200, html: page(9) }),
};

type Get = (path: string) => Promise<{ status: number; text: string }>;

async function start(specs: readonly string[], served: PartialLeague = league): Promise<Get> {
  const source = await startSource({ league: served, faults: specs.map(parseFault) });
  onTestFinished(() => source.close());
  return async (path) => {
    const response = await fetch(source.url + path);
    return { status: response.status, text: await response.text() };
  };
}

async function logOf(get: Get, path = LOG): Promise<GameLogLine[]> {
  return linesOf(resultSet.parse(JSON.parse((await get(path)).text).resultSets[0]));
}

const linesOfDay = league.propLines?.(DAY) ?? [];
const logOfDay = league.gameLog?.({ from: DAY, to: DAY }) ?? [];

describe("an outage", () => {
  it("strikes every resource of its days, a range or a month that has one of them too", async () => {
    const get = await start([`outage:${DAY},requests=1`]);
    const range = "/games/log?from=2026-01-01&to=2026-01-31";
    for (const path of [LOG, LINES, SUMMARY, `/rosters?date=${DAY}`, `/injuries?date=${DAY}`, range])
      expect([(await get(path)).status, (await get(path)).status], path).toEqual([503, 200]);
    expect((await get("/games/log?from=2026-01-15&to=2026-01-16")).status).toBe(200);
    const month = await start(["outage:2018-01-10,requests=1"], pages);
    expect([(await month(PAGE)).status, (await month(PAGE)).status]).toEqual([503, 200]);
    expect((await month("/pages/schedule/2018/october.html")).status).toBe(200);
  });
});

describe("garbage", () => {
  it("comes in place of tables, lists and pages too", async () => {
    const get = await start([`garbage:${DAY}`]);
    for (const path of [LOG, LINES, SUMMARY]) {
      const { status, text } = await get(path);
      expect(status).toBe(200);
      expect(() => JSON.parse(text)).toThrow();
    }
    const spoiled = await (await start(["garbage:2018-01-10"], pages))(PAGE);
    expect(spoiled.text).not.toBe(page(9));
  });
});

describe("a partial list", () => {
  it("has a third of its items, once", async () => {
    const get = await start([`partial:${DAY}`]);
    const third = linesOfDay.slice(0, Math.floor(linesOfDay.length / 3));
    expect(JSON.parse((await get(LINES)).text).lines).toEqual(third);
    expect(JSON.parse((await get(LINES)).text).lines).toEqual(linesOfDay);
    expect(await logOf(get)).toHaveLength(Math.floor(logOfDay.length / 3));
    const month = await start(["partial:2018-01-01"], pages);
    expect([(await month(PAGE)).text, (await month(PAGE)).text]).toEqual([page(3), page(9)]);
  });
});

describe("a changed page", () => {
  it("has other names for the lines, the columns and the cells", async () => {
    const get = await start([`changed-page:${DAY},requests=1`]);
    const { lines } = JSON.parse((await get(LINES)).text);
    expect(lines).toHaveLength(linesOfDay.length);
    expect(lines[0]).toMatchObject({ description: linesOfDay[0]?.playerName, point: linesOfDay[0]?.line });
    await expect(logOf(get)).rejects.toThrow("GAME_ID");
    expect(await logOf(get)).toEqual(logOfDay);
    const month = await start(["changed-page:2018-01-10"], pages);
    expect((await month(PAGE)).text).toBe(page(9).replaceAll("data-stat", "data-column"));
  });
});

describe("duplicates", () => {
  it("are in prop lines and game logs too", async () => {
    const get = await start([`duplicate:${DAY}`]);
    const { lines } = JSON.parse((await get(LINES)).text);
    expect(lines).toEqual(linesOfDay.flatMap((line) => [line, line]));
    expect(await logOf(get)).toEqual(logOfDay.flatMap((line) => [line, line]));
  });
});

describe("a late source", () => {
  it("has a game in progress, half of a log and half of the lines, then all", async () => {
    const get = await start(["late:share=1,requests=1"]);
    const progress = gameSummary.parse(JSON.parse((await get(SUMMARY)).text));
    expect(progress).toMatchObject({ gameStatus: 2, gameStatusText: "In progress" });
    expect(progress.periods.map(({ name }) => name)).toEqual(["Q1", "Q2", "Q3"]);
    expect(JSON.parse((await get(SUMMARY)).text)).toEqual(league.summary?.(gameId));
    expect(await logOf(get)).toHaveLength(2 * Math.floor(logOfDay.length / 4));
    expect(await logOf(get)).toEqual(logOfDay);
    expect(JSON.parse((await get(LINES)).text).lines.length).toBeLessThan(linesOfDay.length);
  });
});

describe("a second schedule that disagrees", () => {
  const days = { from: "2026-01-12", to: "2026-01-18" };
  const path = `/games/log?from=${days.from}&to=${days.to}`;
  const truth = league.gameLog?.(days) ?? [];
  const idsOf = (lines: readonly GameLogLine[]) => [...new Set(lines.map(({ GAME_ID }) => GAME_ID))];

  it("lacks some games, and has two points too many for the winners of others, always the same", async () => {
    const get = await start(["disagree:share=0.4"]);
    const seen = await logOf(get, path);
    const missing = idsOf(truth).filter((id) => !idsOf(seen).includes(id));
    const wrong = seen.filter(
      (line) => !truth.some((other) => other.PTS === line.PTS && sameTeam(other, line)),
    );
    expect(missing.length).toBeGreaterThan(0);
    expect(wrong.length).toBeGreaterThan(0);
    for (const line of wrong) {
      const right = truth.find((other) => sameTeam(other, line));
      expect(line).toEqual({
        ...right,
        PTS: (right?.PTS ?? 0) + 2,
        PLUS_MINUS: (right?.PLUS_MINUS ?? 0) + 2,
      });
      expect(line.WL).toBe("W");
    }
    expect(missing.length + wrong.length).toBeLessThan(idsOf(truth).length * 0.7);
    expect(await logOf(await start(["disagree:share=0.4"]), path)).toEqual(seen);
    expect(await logOf(await start(["disagree:share=0.4,seed=2"]), path)).not.toEqual(seen);
  });

  it("agrees in everything with a share of 0, and leaves the schedule alone", async () => {
    expect(await logOf(await start(["disagree:share=0"]), path)).toEqual(truth);
    const get = await start(["disagree:share=1"]);
    const { games } = JSON.parse((await get(`/schedule?date=${DAY}`)).text);
    expect(games).toEqual(league.schedule(DAY));
  });
});

function sameTeam(one: GameLogLine, other: GameLogLine): boolean {
  return one.GAME_ID === other.GAME_ID && one.TEAM_ID === other.TEAM_ID;
}
