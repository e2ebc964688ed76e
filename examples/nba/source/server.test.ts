import { connect } from "node:net";
import type { SourceServer } from "headworks-example-kit/source/server.ts";
import { describe, expect, it, onTestFinished } from "vitest";
import { leagueAsOf } from "./as-of.ts";
import { boxScore } from "./box-score.ts";
import type { League } from "./league.ts";
import { type SourceOptions, startSource } from "./server.ts";
import { simulateLeague } from "./simulated/simulate-league.ts";

const league = simulateLeague({ seed: 1 });
const [game] = league.schedule("2026-01-14");
const gameId = game?.gameId ?? "";
const PATHS = [
  "/season",
  "/teams",
  "/players",
  "/schedule?date=2026-01-14",
  "/schedule?date=2025-11-27",
  `/box-scores/${gameId}`,
];

async function start(options: Partial<SourceOptions> = {}): Promise<SourceServer> {
  const source = await startSource({ league, ...options });
  onTestFinished(() => source.close());
  return source;
}

/** All that a client can see of an answer. */
async function bytesOf(url: string): Promise<unknown> {
  const response = await fetch(url);
  return { status: response.status, headers: [...response.headers], body: await response.text() };
}

describe("the source", () => {
  it("serves the season, its teams and its players", async () => {
    const { url } = await start();
    const get = async (path: string) => (await fetch(`${url}${path}`)).json();
    expect(await get("/season")).toMatchObject({
      season: "2025-26",
      firstDay: "2025-10-21",
      lastDay: "2026-04-12",
      gamesPerTeam: 82,
    });
    expect(await get("/teams")).toEqual({ season: "2025-26", teams: league.teams() });
    expect(await get("/players")).toEqual({ season: "2025-26", players: league.players() });
  });

  it("serves the games of a day, and an empty list for a day off", async () => {
    const { url } = await start();
    const get = async (date: string) => (await fetch(`${url}/schedule?date=${date}`)).json();
    expect(await get("2026-01-14")).toEqual({ date: "2026-01-14", games: league.schedule("2026-01-14") });
    expect(await get("2025-11-27")).toEqual({ date: "2025-11-27", games: [] });
  });

  it("serves the box score of a game that is over, and a 404 for any other", async () => {
    const { url } = await start({ league: leagueAsOf(league, "2026-01-14") });
    const [later] = league.schedule("2026-01-15");
    const found = await fetch(`${url}/box-scores/${gameId}`);
    expect(boxScore.parse(await found.json())).toEqual(league.boxScore(gameId));
    for (const id of [later?.gameId, "0099900001", "..%2F..%2Fetc"]) {
      const response = await fetch(`${url}/box-scores/${id}`);
      expect([response.status, await response.json()]).toMatchObject([
        404,
        { error: { code: "box_score_not_found" } },
      ]);
    }
  });

  it("gives the same bytes for the same seed, whatever was asked before, and others for another", async () => {
    const one = await start({ league: simulateLeague({ seed: 5 }) });
    const same = await start({ league: simulateLeague({ seed: 5 }) });
    const other = await start({ league: simulateLeague({ seed: 6 }) });
    const forwards = [];
    for (const path of PATHS) forwards.push(await bytesOf(one.url + path));
    const backwards = [];
    for (const path of PATHS.toReversed()) backwards.unshift(await bytesOf(same.url + path));
    expect(backwards).toEqual(forwards);
    expect(await bytesOf(`${other.url}/players`)).not.toEqual(await bytesOf(`${one.url}/players`));
  });

  it("names its content by a tag, and answers 304 to who has it", async () => {
    const { url } = await start();
    const first = await fetch(`${url}/teams`);
    const etag = first.headers.get("etag") ?? "";
    expect(first.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(first.headers.get("date")).toBeNull();
    const again = await fetch(`${url}/teams`, { headers: { "if-none-match": etag } });
    expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
  });

  it.each([
    ["/schedule", 400, "date_missing"],
    ["/schedule?date=2026-1-14", 400, "date_malformed"],
    ["/schedule?date=2026-02-30", 400, "date_malformed"],
    ["/standings", 404, "not_found"],
    ["/box-scores", 404, "not_found"],
    ["/box-scores/1/2", 404, "not_found"],
  ])("answers %s with %i in JSON", async (path, status, code) => {
    const { url } = await start();
    const response = await fetch(url + path);
    expect([response.status, await response.json()]).toMatchObject([status, { error: { code } }]);
  });

  it("can only be read", async () => {
    const { url } = await start();
    const posted = await fetch(`${url}/teams`, { method: "POST", body: "{}" });
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    const head = await fetch(`${url}/teams`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  it("wants its key, when it has one", async () => {
    const { url, requests } = await start({ key: "open sesame" });
    const status = async (headers: Record<string, string>) =>
      (await fetch(`${url}/teams`, { headers })).status;
    expect(await status({})).toBe(401);
    expect(await status({ authorization: "Bearer guess" })).toBe(401);
    expect(await status({ authorization: "Bearer open sesame" })).toBe(200);
    expect(requests()).toBe(3);
  });

  it("serves many requests over one connection", async () => {
    const { url } = await start();
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    const request = (path: string) => socket.write(`GET ${path} HTTP/1.1\r\nHost: source\r\n\r\n`);
    let heard = "";
    await new Promise<void>((resolve) => {
      socket.setEncoding("utf8").on("data", (text) => {
        heard += text;
        if (heard.split("HTTP/1.1 200 OK").length === 3) resolve();
      });
      request("/season");
      request("/season");
    });
    expect(heard).toContain("Connection: keep-alive");
  });

  it("answers 500 when its league cannot, and goes on", async () => {
    const broken: League = {
      ...league,
      teams: () => {
        throw new Error("the file is unreadable");
      },
    };
    const { url } = await start({ league: broken });
    const response = await fetch(`${url}/teams`);
    expect([response.status, await response.json()]).toEqual([
      500,
      { error: { code: "internal", message: "the file is unreadable" } },
    ]);
    expect((await fetch(`${url}/season`)).status).toBe(200);
  });

  it("refuses to start on a port that is taken", async () => {
    const { url } = await start();
    await expect(start({ port: Number(new URL(url).port) })).rejects.toThrow("EADDRINUSE");
  });

  it("closes once, however often it is told to", async () => {
    const source = await start();
    await Promise.all([source.close(), source.close()]);
    await expect(fetch(`${source.url}/teams`)).rejects.toThrow();
  });
});
