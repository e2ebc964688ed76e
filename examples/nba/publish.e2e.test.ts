// The first two weeks of the simulated season through the real demo: what is published, what is halted, how many games came
// how far, and where a published prediction is from.

import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { eachDay } from "headworks-example-kit/days.ts";
import { parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LineageStep } from "../../headworks/src/contract/lineage.ts";
import { createTestDatabase, type TestDatabase } from "../../headworks/src/testing/database.ts";
import { startDemo } from "./demo-process.fixture.ts";
import type { Envelope } from "./publish/envelope.ts";
import type { PlayerPage } from "./publish/player-pages.ts";
import { type SlateGame, slateRows } from "./publish/slate.ts";

/** The first model is that of the third week, of 3 November. */
const LAST_DAY = "2025-11-04";
const DAYS = eachDay("2025-10-21", LAST_DAY);
const HEADWORKS = fileURLToPath(import.meta.resolve("headworks/bin/headworks.js"));

let db: TestDatabase;
let dataDir: string;

type Row = Record<string, unknown>;
type Slate = Envelope<{ games: SlateGame[] }>;

const rowsOf = async (sql: string): Promise<Row[]> => (await db.database.query<Row>(sql)).rows;
const pathOf = (name: string) => join(dataDir, "artifacts", "prod", name);

async function published<T>(name: string): Promise<T> {
  return JSON.parse(await readFile(pathOf(name), "utf8"));
}

beforeAll(async () => {
  db = await createTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), "headworks-publish-"));
  const demo = startDemo({ dataDir, databaseUrl: db.url, args: ["--last-day", LAST_DAY] });
  expect(await demo.ended, demo.output()).toBe(0);
});

afterAll(async () => {
  await db[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true });
});

test("every file of every publication is there, in the one envelope, as its row says", async () => {
  const rows = await rowsOf("select path, schema, generated_for, status, reason from prod.publications");
  const files = (await readdir(pathOf("."), { recursive: true })).filter((name) => name.endsWith(".json"));
  expect(files.sort()).toEqual(rows.map(({ path }) => path).sort());

  for (const row of rows) {
    const { schema, generatedFor, status, ...rest } = await published<Envelope<unknown>>(String(row.path));
    const reason = "reason" in rest ? rest.reason : null;
    expect([schema, generatedFor, status, reason]).toEqual([
      ...[row.schema, row.generated_for, row.status, row.reason],
    ]);
    expect(rest).toHaveProperty("data");
  }
});

test("each day has a slate: halted with the reason until there is a model, then published with all that is predicted", async () => {
  const predictions = await rowsOf(
    "select date::text as day, count(*) as n from prod.pra_predictions group by 1",
  );
  const predicted = new Map(predictions.map(({ day, n }) => [day, n]));
  expect(predicted.size).toBeGreaterThan(0);
  for (const day of DAYS) {
    const slate = await published<Slate>(`slates/${day}.json`);
    const players = slate.data.games.flatMap((game) => game.players);
    expect(players).toHaveLength(Number(predicted.get(day) ?? 0));
    expect(slate.status).toBe(predicted.has(day) ? "published" : "halted");
    if (slate.status === "halted") expect(slate.reason).toMatch(/too few games/);
  }
});

test("a slate's lines are those of its players and games, each where the bookmaker's event took place", async () => {
  const { data } = await published<Slate>(`slates/${LAST_DAY}.json`);
  const rows = slateRows(LAST_DAY, data.games).filter((row) => row.line !== null);
  const key = (row: Row) =>
    [row.game_id, row.player_id, row.bookmaker, row.line, row.over_price, row.under_price].join(" ");
  const graded = await rowsOf(
    `select g.* from prod.line_grades g join prod.pra_predictions p using (date, game_id, player_id) where date = '${LAST_DAY}'`,
  );
  expect(rows.length).toBeGreaterThan(100);
  expect(rows.map((row) => key({ ...row })).sort()).toEqual(graded.map(key).sort());
});

test("the Parquet of a slate holds what its JSON does", async () => {
  const { data } = await published<Slate>(`slates/${LAST_DAY}.json`);
  const bytes = await readFile(pathOf(`slates/${LAST_DAY}.parquet`));
  expect(await parquetReadObjects({ file: Uint8Array.from(bytes).buffer })).toEqual(
    slateRows(LAST_DAY, data.games),
  );
});

test("a player's page adds up to what he did, with what was predicted of it", async () => {
  const [best] = await rowsOf(
    "select player_id, sum(pra) as pra, count(*) as games from prod.actuals group by 1 order by 2 desc limit 1",
  );
  const { data } = await published<Envelope<PlayerPage>>(`players/${best?.player_id}.json`);
  expect(data.log.reduce((sum, game) => sum + game.pra, 0)).toBe(best?.pra);
  expect(data.games).toBe(best?.games);
  expect(data.log[0]?.predicted).not.toBeNull();
});

test("the funnel counts the games of every day at every stage, and none is lost on the way once there is a model", async () => {
  const rows = await rowsOf("select date::text as day, * from prod.funnel order by date");
  expect(rows.map(({ day }) => day)).toEqual(DAYS);
  const [wrong] = await rowsOf(`
    select count(*) as n from prod.funnel f where
      scheduled <> (select count(*) from prod.games g where g.date = f.date) or fetched <> scheduled or summarised <> scheduled
      or predicted <> (select count(distinct game_id) from prod.pra_predictions p where p.date = f.date) or published <> predicted`);
  expect(wrong?.n).toBe(0);
  const { scheduled, featured, predicted, graded, published: shown } = rows.at(-1) ?? {};
  expect([featured, predicted, graded, shown]).toEqual(Array.from({ length: 4 }, () => scheduled));
  expect(rows[0]).toMatchObject({ predicted: 0, graded: 0, published: 0 });
});

test("a published prediction leads back to the responses with its player's own games, and no others", async () => {
  const { data } = await published<Slate>(`slates/${LAST_DAY}.json`);
  const player = data.games[0]?.players[0]?.player_id;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      ...["--conditions=headworks-source", HEADWORKS, "lineage", "pra_predictions", LAST_DAY, String(player)],
      ...["--json", "--database-url", db.url],
    ],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  const { steps }: { steps: LineageStep[] } = JSON.parse(stdout);
  const boxScores = steps.find((step) => step.processor === "box_scores" && step.through.length === 0);
  const own = await rowsOf(
    `select b._run as run, game_id from prod.box_scores b join prod.games using (game_id) where player_id = ${player} and date < '${LAST_DAY}'`,
  );
  expect(boxScores?.runs.sort()).toEqual(own.map(({ run }) => run).sort());
  expect(boxScores?.responses.total).toBeGreaterThanOrEqual(own.length);
  const games = boxScores?.responses.first.map(({ url }) => url.split("/").at(-1));
  expect(own.map(({ game_id }) => game_id)).toEqual(expect.arrayContaining(games ?? []));
});
