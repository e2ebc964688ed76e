// The recorded season through the whole pipeline: what the ledger says is what the files hold, and what they lack.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../headworks/src/testing/database.ts";
import { type DemoProcess, startDemo } from "./demo-process.fixture.ts";

const DATA =
  process.env.HEADWORKS_RECORDED_DATA ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));

let db: TestDatabase;
let dataDir: string;
let demo: DemoProcess;
let exitCode: number | null;

beforeAll(async () => {
  db = await createTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), "headworks-recorded-"));
  demo = startDemo({ dataDir, databaseUrl: db.url, args: ["--source", "recorded"] });
  exitCode = await demo.ended;
});

afterAll(async () => {
  await db[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true });
});

async function rowsOf(sql: string): Promise<Record<string, unknown>[]> {
  return (await db.database.query(sql)).rows;
}

async function linesOf(file: string): Promise<string[][]> {
  const text = await readFile(join(DATA, "nba-season-2025-26", file), "utf8");
  return text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","));
}

test("every game of the files is in the dataset, with its day, teams and score", async () => {
  const listed = [...(await linesOf("games.csv")), ...(await linesOf("po_games.csv"))];
  const expected = listed.map(([id, date, home, away, homePoints, awayPoints]) => [
    id,
    date,
    home,
    away,
    Number(homePoints),
    Number(awayPoints),
  ]);
  const found = await rowsOf(
    "select game_id, date, home_team, away_team, home_points, away_points from prod.games",
  );
  expect(found).toHaveLength(1225 + 85);
  expect(found.map(Object.values).sort()).toEqual(expected.sort());
});

test("box scores are expected of the play-offs only, and all eighty-five are complete", async () => {
  expect(
    await rowsOf(
      "select status, count(*) as n from headworks.outputs where processor = 'box_scores' group by 1",
    ),
  ).toEqual([{ status: "complete", n: 85 }]);
  const [totals] = await rowsOf(
    "select count(*) as n from (select game_id, team, sum(points) as points from prod.box_scores group by 1, 2) t join prod.games g using (game_id) where points <> case team when home_team then home_points else away_points end",
  );
  expect(totals).toEqual({ n: 0 });
});

test("days without games are empty, each justified by the schedule", async () => {
  const days = new Set(
    [...(await linesOf("games.csv")), ...(await linesOf("po_games.csv"))].map(([, date]) => date),
  );
  const [span] = await rowsOf("select count(*) as n from headworks.outputs where processor = 'schedule'");
  const empty = await rowsOf(
    "select partition from headworks.outputs where processor = 'schedule' and status = 'empty'",
  );
  expect(empty).toHaveLength(Number(span?.n) - days.size);
  expect(empty.filter((row) => days.has(String(row.partition)))).toEqual([]);
});

test("the ledger shows the seven teams that the files leave short of eighty-two games", async () => {
  const short = await rowsOf(
    "select partition as team, status, records, expected_min, reason from headworks.outputs where processor = 'team_seasons' and status <> 'complete' order by 1",
  );
  const counts = { DAL: 81, DET: 81, MEM: 80, NYK: 81, OKC: 81, ORL: 79, SAS: 81 };
  expect(short).toEqual(
    Object.entries(counts).map(([team, records]) => ({
      team,
      status: "degraded",
      records,
      expected_min: 82,
      reason: "below_expected",
    })),
  );
  expect(exitCode, demo.output()).toBe(1);
  expect(demo.output()).toMatch(/team_seasons/);
});

test("the standings agree with the recorded ones for every team whose games are all there", async () => {
  const recorded = new Map(
    (await linesOf("standings.csv")).map((row) => [row[1] ?? "", [Number(row[4]), Number(row[5])]]),
  );
  const final = await rowsOf(
    "select t.name, s.wins, s.losses from prod.standings s join prod.teams t on t.tricode = s.team where s.date = '2026-06-13'",
  );
  const whole = final.filter((row) => Number(row.wins) + Number(row.losses) === 82);
  expect(whole).toHaveLength(23);
  for (const row of whole)
    expect([row.name, row.wins, row.losses]).toEqual([row.name, ...(recorded.get(String(row.name)) ?? [])]);
});

test("the standings of any day are those of the results up to it", async () => {
  const wrong = await rowsOf(`
    select s.date, s.team from prod.standings s
    where s.wins <> (select count(*) from prod.games g
      where g.date <= s.date and g.season_type = 'regular'
        and s.team = case when g.home_points > g.away_points then g.home_team else g.away_team end)`);
  expect(wrong).toEqual([]);
});
