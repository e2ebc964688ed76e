import { describe, expect, it, onTestFinished } from "vitest";
import { leagueAsOf } from "../as-of.ts";
import { linesOf, resultSet } from "../game-log.ts";
import type { PartialLeague } from "../league.ts";
import { startSource } from "../server.ts";
import { simulateLeague } from "../simulated/simulate-league.ts";

const DAY = "2026-01-14";
const league = simulateLeague({ seed: 1 });
const gameId = league.schedule(DAY)[0]?.gameId ?? "";
const pagesOnly: PartialLeague = {
  season: league.season,
  coverage: { schedulePage: { seasonTypes: ["regular"], from: "2017-10-17" } },
  schedulePage: (year, month) => ({ status: month === "may" ? 200 : 404, html: `<p>${year}, ${month}</p>` }),
};

async function start(served: PartialLeague = league): Promise<(path: string) => Promise<[number, unknown]>> {
  const source = await startSource({ league: served });
  onTestFinished(() => source.close());
  return async (path) => {
    const response = await fetch(source.url + path);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json");
    return [response.status, isJson ? JSON.parse(text) : text];
  };
}

describe("what belongs to a day", () => {
  it("is served with the day", async () => {
    const get = await start();
    expect(await get(`/rosters?date=${DAY}`)).toEqual([200, { date: DAY, ...league.rosters?.(DAY) }]);
    expect(await get(`/injuries?date=${DAY}`)).toEqual([
      200,
      { date: DAY, injuries: league.injuries?.(DAY) },
    ]);
    expect(await get(`/prop-lines?date=${DAY}`)).toEqual([
      200,
      { date: DAY, lines: league.propLines?.(DAY) },
    ]);
  });

  it.each(["/rosters", "/injuries", "/prop-lines", "/games/log"])(
    "is not served without one: %s",
    async (path) => {
      const get = await start();
      expect(await get(path)).toMatchObject([400, { error: { code: "date_missing" } }]);
      expect(await get(`${path}?date=2026-02-30`)).toMatchObject([
        400,
        { error: { code: "date_malformed" } },
      ]);
    },
  );

  it("shows trades in the rosters: another team from that day on", () => {
    const { firstDay, lastDay } = league.season();
    const traded = league.rosters?.(lastDay).players.filter(({ since }) => since !== firstDay) ?? [];
    expect(traded.length).toBeGreaterThanOrEqual(12);
    const [player] = traded;
    const teamOn = (day: string) =>
      league.rosters?.(day).players.find(({ playerId }) => playerId === player?.playerId);
    expect(teamOn(player?.since ?? "")).toEqual(player);
    expect(teamOn(firstDay)).toMatchObject({ since: firstDay });
    expect(teamOn(firstDay)?.tricode).not.toBe(player?.tricode);
  });

  it("shows who is out, and none of them plays", () => {
    const injured = league.injuries?.(DAY) ?? [];
    const out = new Set(injured.map(({ playerId }) => playerId));
    expect(out.size).toBe(injured.length);
    expect(out.size).toBeGreaterThan(10);
    expect(injured.every(({ since }) => since <= DAY)).toBe(true);
    const played = league.schedule(DAY).flatMap((game) => league.boxScore(game.gameId)?.players ?? []);
    expect(played.filter(({ personId }) => out.has(personId))).toEqual([]);
  });
});

describe("what belongs to games", () => {
  it("is served as a table for a day or a range of days", async () => {
    const get = await start();
    const rows = async (query: string) => {
      const [, body] = await get(`/games/log?${query}`);
      const { resultSets } = body as { resultSets: unknown[] };
      return linesOf(resultSet.parse(resultSets[0]));
    };
    expect(await rows(`date=${DAY}`)).toEqual(league.gameLog?.({ from: DAY, to: DAY }));
    expect(await rows("from=2026-01-13&to=2026-01-14")).toEqual(
      league.gameLog?.({ from: "2026-01-13", to: DAY }),
    );
    expect(await get("/games/log?from=2026-01-14&to=2026-01-13")).toMatchObject([
      400,
      { error: { code: "range_reversed" } },
    ]);
  });

  it("is served for a game that is over, and for no other", async () => {
    const get = await start(leagueAsOf(league, DAY));
    const [later] = league.schedule("2026-01-15");
    expect(await get(`/play-by-play/${gameId}/summary`)).toEqual([200, league.summary?.(gameId)]);
    for (const id of [later?.gameId, "1"])
      expect(await get(`/play-by-play/${id}/summary`)).toMatchObject([
        404,
        { error: { code: "play_by_play_not_found" } },
      ]);
  });

  it("is not known before its day", () => {
    const past = leagueAsOf(league, DAY);
    expect(past.propLines?.(DAY)).toEqual(league.propLines?.(DAY));
    expect(past.propLines?.("2026-01-15")).toEqual([]);
    expect(past.gameLog?.({ from: DAY, to: "2026-01-20" })).toEqual(league.gameLog?.({ from: DAY, to: DAY }));
    expect(past.injuries?.("2026-02-01")).toEqual(league.injuries?.(DAY));
    expect(past.rosters?.("2026-03-01")).toEqual(league.rosters?.(DAY));
  });
});

describe("what a source lacks", () => {
  it("is answered with 404 and `not_offered`, and listed as such", async () => {
    const get = await start(pagesOnly);
    for (const path of [
      "/teams",
      "/schedule?date=2018-01-01",
      "/box-scores/1",
      "/prop-lines",
      "/pra-actuals",
    ])
      expect(await get(path)).toMatchObject([404, { error: { code: "not_offered" } }]);
    const [, listed] = await get("/capabilities");
    expect(listed).toMatchObject({ season: "2025-26" });
    const { resources } = listed as { resources: { resource: string; offered: boolean }[] };
    expect(resources.filter(({ offered }) => offered)).toEqual([
      { resource: "season", path: "/season", offered: true },
      {
        resource: "schedule-pages",
        path: "/pages/schedule/:year/:page",
        offered: true,
        seasonTypes: ["regular"],
        from: "2017-10-17",
      },
    ]);
  });

  it("is, of a simulated league, the pages and the finished sums", async () => {
    const [, listed] = await (await start())("/capabilities");
    const { resources } = listed as { resources: { resource: string; offered: boolean }[] };
    const lacking = resources.filter(({ offered }) => !offered).map(({ resource }) => resource);
    expect(lacking).toEqual(["pra-actuals", "schedule-pages"]);
    expect(resources).toContainEqual({
      resource: "box-scores",
      path: "/box-scores/:gameId",
      offered: true,
      seasonTypes: ["regular"],
    });
  });
});

describe("a page", () => {
  it("is served as HTML, with its own page for those that are not there", async () => {
    const get = await start(pagesOnly);
    expect(await get("/pages/schedule/2018/may.html")).toEqual([200, "<p>2018, may</p>"]);
    expect(await get("/pages/schedule/2018/july.html")).toEqual([404, "<p>2018, july</p>"]);
    expect(await get("/pages/schedule/2018/..%2Fmay.html")).toEqual([404, "<p>2018, </p>"]);
    expect(await get("/pages/schedule/2018")).toMatchObject([404, { error: { code: "not_found" } }]);
  });
});
