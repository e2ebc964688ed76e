// The recorded season of 2025-26 through the whole pipeline: what the ledger says is what the files hold, and what they lack.

import { afterAll, beforeAll, expect, test } from "vitest";
import { linesOf, type RecordedDemo, runRecordedDemo } from "./recorded-demo.fixture.ts";

const FOLDER = "nba-season-2025-26";
/** Id, day, home team, away team, their points. */
let listed: string[][];
let demo: RecordedDemo;

beforeAll(async () => {
  listed = [...(await linesOf(FOLDER, "games.csv")), ...(await linesOf(FOLDER, "po_games.csv"))];
  demo = await runRecordedDemo("2025-26");
});

afterAll(() => demo[Symbol.asyncDispose]());

test("every game of the files is in the dataset, with its day, teams and score", async () => {
  const found = await demo.rowsOf(
    "select game_id, date, home_team, away_team, home_points, away_points from prod.games",
  );
  expect(found).toHaveLength(1225 + 85);
  expect(found.map((row) => Object.values(row).join()).sort()).toEqual(
    listed.map((row) => row.slice(0, 6).join()).sort(),
  );
});

test("both schedules agree on the 839 games that both have, and the five that are missing are in the second one", async () => {
  expect(
    await demo.numberOf(`
      select count(*) from prod.schedule_games s join prod.log_games l using (game_id, date)
      where (s.home_team, s.away_team, s.home_points, s.away_points) = (l.home_team, l.away_team, l.home_points, l.away_points)`),
  ).toBe(839);
  const differences = await demo.rowsOf(
    "select game_id, date, kind, ours, theirs from prod.schedule_differences order by game_id",
  );
  const missing = (game_id: string, date: string, theirs: string) => ({
    game_id,
    date,
    kind: "missing_in_schedule",
    ours: null,
    theirs,
  });
  expect(differences).toEqual([
    missing("0022500147", "2025-11-01", "DAL 110, DET 122"),
    missing("0022500578", "2026-01-15", "MEM 111, ORL 118"),
    missing("0022500602", "2026-01-18", "MEM 126, ORL 109"),
    missing("0022501229", "2025-12-13", "NYK 132, ORL 120"),
    missing("0022501230", "2025-12-13", "OKC 109, SAS 111"),
  ]);
  // They are told of, and not taken over: which schedule is right is for a person to say.
  expect(
    await demo.numberOf("select count(*) from prod.games join prod.schedule_differences using (game_id)"),
  ).toBe(0);
});

test("box scores are expected of the play-offs only, and all eighty-five are complete", async () => {
  expect(
    await demo.rowsOf(
      "select status, count(*) as n from headworks.outputs where processor = 'box_scores' group by 1",
    ),
  ).toEqual([{ status: "complete", n: 85 }]);
  const wrong = await demo.rowsOf(`
    select from (select game_id, team, sum(points) as points from prod.box_scores group by 1, 2) t
    join prod.games g using (game_id)
    where points <> case team when home_team then home_points else away_points end`);
  expect(wrong).toEqual([]);
});

test("days without games are empty, each justified by the schedule", async () => {
  const days = new Set(listed.map(([, date]) => date));
  const span = await demo.numberOf("select count(*) from headworks.outputs where processor = 'games'");
  const empty = await demo.rowsOf(
    "select partition, vouched_by from headworks.outputs where processor = 'games' and status = 'empty'",
  );
  expect(empty).toHaveLength(span - days.size);
  expect(empty.filter((row) => days.has(String(row.partition)))).toEqual([]);
  expect(new Set(empty.map((row) => row.vouched_by))).toEqual(new Set(["expectation"]));
});

test("the ledger shows the seven teams that the files leave short of eighty-two games, and nothing else", async () => {
  const short = await demo.rowsOf(
    "select processor, partition as team, status, records, expected_min, reason from headworks.outputs where status not in ('complete', 'empty') order by 1, 2",
  );
  const counts = { DAL: 81, DET: 81, MEM: 80, NYK: 81, OKC: 81, ORL: 79, SAS: 81 };
  expect(short).toEqual(
    Object.entries(counts).map(([team, records]) => ({
      processor: "team_seasons",
      team,
      status: "degraded",
      records,
      expected_min: 82,
      reason: "below_expected",
    })),
  );
  expect(demo.exitCode, demo.output).toBe(1);
  expect(demo.output).toMatch(/team_seasons/);
});

test("the standings agree with the recorded ones for every team whose games are all there", async () => {
  const recorded = new Map(
    (await linesOf(FOLDER, "standings.csv")).map((row) => [row[1] ?? "", [Number(row[4]), Number(row[5])]]),
  );
  const final = await demo.rowsOf(
    "select t.name, s.wins, s.losses from prod.standings s join prod.teams t on t.tricode = s.team where s.date = '2026-06-13'",
  );
  const whole = final.filter((row) => Number(row.wins) + Number(row.losses) === 82);
  expect(whole).toHaveLength(23);
  for (const row of whole)
    expect([row.name, row.wins, row.losses]).toEqual([row.name, ...(recorded.get(String(row.name)) ?? [])]);
});

test("the standings of any day are those of the results up to it", async () => {
  const wrong = await demo.rowsOf(`
    select s.date, s.team from prod.standings s
    where s.wins <> (select count(*) from prod.games g
      where g.date <= s.date and g.season_type = 'regular'
        and s.team = case when g.home_points > g.away_points then g.home_team else g.away_team end)`);
  expect(wrong).toEqual([]);
});
