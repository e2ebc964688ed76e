import { setTimeout as delay } from "node:timers/promises";
import type { SourceServer } from "headworks-example-kit/source/server.ts";
import { describe, expect, it, onTestFinished } from "vitest";
import { boxScore } from "../box-score.ts";
import { type SourceOptions, startSource } from "../server.ts";
import { simulateLeague } from "../simulated/simulate-league.ts";
import { parseFault } from "./parse-fault.ts";

const DAY = "2026-01-14";
const NEXT_DAY = "2026-01-15";
const league = simulateLeague({ seed: 1 });
const played = (day: string) => league.schedule(day).filter(({ status }) => status === "final");
const boxPath = (day: string) => `/box-scores/${played(day)[0]?.gameId}`;
const schedulePath = (day: string) => `/schedule?date=${day}`;

async function start(specs: readonly string[], options: Partial<SourceOptions> = {}): Promise<SourceServer> {
  const source = await startSource({ league, faults: specs.map(parseFault), ...options });
  onTestFinished(() => source.close());
  return source;
}

async function get(
  { url }: SourceServer,
  path: string,
): Promise<{ status: number; retryAfter: string | null; text: string }> {
  const response = await fetch(url + path);
  return {
    status: response.status,
    retryAfter: response.headers.get("retry-after"),
    text: await response.text(),
  };
}

async function healthy(path: string): Promise<string> {
  return (await get(await start([]), path)).text;
}

async function statuses(source: SourceServer, path: string, count: number): Promise<number[]> {
  const seen: number[] = [];
  for (let request = 0; request < count; request += 1) seen.push((await get(source, path)).status);
  return seen;
}

describe("an outage", () => {
  it("refuses the first three requests for each subject of its days, then heals", async () => {
    const source = await start([`outage:${DAY}..${DAY}`]);
    const refused = await get(source, schedulePath(DAY));
    expect([refused.status, refused.retryAfter]).toEqual([503, "1"]);
    expect(await statuses(source, schedulePath(DAY), 3)).toEqual([503, 503, 200]);
    expect(await statuses(source, boxPath(DAY), 4)).toEqual([503, 503, 503, 200]);
  });

  it("leaves other days, and what belongs to no day, alone", async () => {
    const source = await start([`outage:${DAY}`]);
    for (const path of [schedulePath(NEXT_DAY), boxPath(NEXT_DAY), "/teams", "/season"])
      expect(await statuses(source, path, 1)).toEqual([200]);
  });

  it("counts the requests for a subject, whatever else is in the URL", async () => {
    const source = await start([`outage:${DAY},requests=1`]);
    expect(await statuses(source, `${schedulePath(DAY)}&try=1`, 1)).toEqual([503]);
    expect(await statuses(source, `${schedulePath(DAY)}&try=2`, 1)).toEqual([200]);
  });

  it("begins anew with every server", async () => {
    const faults = [parseFault(`outage:${DAY},requests=1`)];
    for (const source of [await start([], { faults }), await start([], { faults })])
      expect(await statuses(source, schedulePath(DAY), 2)).toEqual([503, 200]);
  });
});

describe("late box scores", () => {
  it("are of a game in progress for the first two requests, then final", async () => {
    const source = await start(["late:share=1"]);
    const final = await healthy(boxPath(DAY));
    for (const _ of [1, 2]) {
      const box = boxScore.parse(JSON.parse((await get(source, boxPath(DAY))).text));
      expect(box).toMatchObject({ gameStatus: 2, gameStatusText: "In progress" });
      expect(box.players.length).toBeLessThan(boxScore.parse(JSON.parse(final)).players.length);
    }
    expect((await get(source, boxPath(DAY))).text).toBe(final);
  });

  it("are a share of all, the same ones in every server", async () => {
    const ids = ["2026-01-12", "2026-01-14", "2026-01-16", "2026-01-19"]
      .flatMap(played)
      .map(({ gameId }) => gameId);
    const lateIn = async (source: SourceServer) => {
      const texts = await Promise.all(ids.map((id) => get(source, `/box-scores/${id}`)));
      return ids.filter((_, at) => texts[at]?.text.includes("In progress"));
    };
    const late = await lateIn(await start(["late:share=0.4"]));
    expect(late.length).toBeGreaterThan(0);
    expect(late.length).toBeLessThan(ids.length);
    expect(await lateIn(await start(["late:share=0.4"]))).toEqual(late);
    expect(await lateIn(await start(["late:share=0.4,seed=2"]))).not.toEqual(late);
    expect(await lateIn(await start(["late:share=0"]))).toEqual([]);
  });
});

describe("a partial schedule", () => {
  it("has a third of the games for the first request, then all", async () => {
    const source = await start([`partial:${DAY}..${NEXT_DAY}`]);
    const all = league.schedule(DAY);
    const first = JSON.parse((await get(source, schedulePath(DAY))).text);
    expect(first).toEqual({ date: DAY, games: all.slice(0, Math.floor(all.length / 3)) });
    expect((await get(source, schedulePath(DAY))).text).toBe(await healthy(schedulePath(DAY)));
  });
});

describe("a changed page", () => {
  it("has other names and places for the first two requests, then the old ones", async () => {
    const source = await start([`changed-page:${DAY}..${DAY}`]);
    const box = boxScore.parse(JSON.parse(await healthy(boxPath(DAY))));
    for (const _ of [1, 2]) {
      const changed = JSON.parse((await get(source, boxPath(DAY))).text);
      expect(boxScore.safeParse(changed).success).toBe(false);
      const [line] = box.players;
      expect(changed.athletes).toHaveLength(box.players.length);
      expect(changed.athletes[0]).toMatchObject({
        athlete: { id: line?.personId, displayName: line?.name },
        pts: line?.points,
      });
    }
    expect(JSON.parse((await get(source, boxPath(DAY))).text)).toEqual(box);
  });
});

describe("duplicates", () => {
  it("have every player's line twice, always", async () => {
    const source = await start([`duplicate:${DAY}`]);
    const lines = (text: string) => boxScore.parse(JSON.parse(text)).players;
    const once = lines(await healthy(boxPath(DAY)));
    for (const _ of [1, 2, 3])
      expect(lines((await get(source, boxPath(DAY))).text)).toEqual(once.flatMap((line) => [line, line]));
    expect((await get(source, boxPath(NEXT_DAY))).text).toBe(await healthy(boxPath(NEXT_DAY)));
  });
});

describe("garbage", () => {
  it("is a success with half a body or a web page in it, once for each subject", async () => {
    const source = await start([`garbage:${DAY}`]);
    const paths = [schedulePath(DAY), ...played(DAY).map(({ gameId }) => `/box-scores/${gameId}`)];
    const spoiled = await Promise.all(paths.map((path) => get(source, path)));
    expect(spoiled.map(({ status }) => status)).toEqual(paths.map(() => 200));
    for (const { text } of spoiled) expect(() => JSON.parse(text)).toThrow();
    expect(spoiled.some(({ text }) => text.startsWith("<!doctype html>"))).toBe(true);
    expect(spoiled.some(({ text }) => text.startsWith("{"))).toBe(true);
    for (const path of paths) expect((await get(source, path)).text).toBe(await healthy(path));
  });
});

describe("a rate limit", () => {
  it("answers 429 beyond the rate, and says when to come back", async () => {
    let now = 0;
    const source = await start(["rate-limit:2"], { monotonicMs: () => now });
    expect(await statuses(source, "/season", 3)).toEqual([200, 200, 429]);
    now = 499;
    expect((await get(source, "/season")).retryAfter).toBe("1");
    now = 500;
    expect(await statuses(source, "/season", 2)).toEqual([200, 429]);
    now = 60_000;
    expect(await statuses(source, "/season", 3)).toEqual([200, 200, 429]);
  });

  it("uses up nothing of what heals by requests", async () => {
    let now = 0;
    const source = await start([`outage:${DAY},requests=1`, "rate-limit:1"], { monotonicMs: () => now });
    expect(await statuses(source, "/season", 1)).toEqual([200]);
    expect(await statuses(source, schedulePath(DAY), 2)).toEqual([429, 429]);
    now = 1_000;
    expect(await statuses(source, schedulePath(DAY), 1)).toEqual([503]);
    now = 2_000;
    expect(await statuses(source, schedulePath(DAY), 1)).toEqual([200]);
  });
});

describe("a source that hangs", () => {
  it("never answers the first request of its days, and all others", async () => {
    const source = await start([`hang:${DAY}`]);
    const stopped = new AbortController();
    const hanging = fetch(source.url + schedulePath(DAY), { signal: stopped.signal });
    expect(await get(source, schedulePath(NEXT_DAY))).toMatchObject({ status: 200 });
    const first = await Promise.race([hanging, get(source, boxPath(NEXT_DAY)).then(() => "the next one")]);
    expect(first).toBe("the next one");
    stopped.abort();
    await expect(hanging).rejects.toThrow("aborted");
    expect(await statuses(source, schedulePath(DAY), 1)).toEqual([200]);
  });

  it("closes all the same, and cuts the connection", async () => {
    const source = await start([`hang:${DAY}`]);
    const hanging = fetch(source.url + schedulePath(DAY)).catch(() => "cut");
    await arrivals(source, 1);
    await source.close();
    expect(await hanging).toBe("cut");
  });
});

describe("a slow source", () => {
  it("answers late, but as ever", async () => {
    const source = await start(["slow:1"]);
    expect((await get(source, schedulePath(DAY))).text).toBe(await healthy(schedulePath(DAY)));
  });

  it("holds answers back, and closes without waiting for them", async () => {
    const source = await start(["slow:600000"]);
    const waiting = fetch(`${source.url}/season`).catch(() => "cut");
    await arrivals(source, 1);
    await source.close();
    expect(await waiting).toBe("cut");
  });
});

describe("several faults", () => {
  it("heal one after the other, the outermost first", async () => {
    const source = await start([
      `late:share=1,requests=1`,
      `changed-page:${DAY},requests=1`,
      `garbage:${DAY},requests=1`,
      `outage:${DAY},requests=1`,
    ]);
    const outage = await get(source, boxPath(DAY));
    expect(outage.status).toBe(503);
    const garbage = await get(source, boxPath(DAY));
    expect(() => JSON.parse(garbage.text)).toThrow();
    expect((await get(source, boxPath(DAY))).text).toBe(await healthy(boxPath(DAY)));
  });
});

async function arrivals(source: SourceServer, count: number): Promise<void> {
  while (source.requests() < count) await delay(1);
}
