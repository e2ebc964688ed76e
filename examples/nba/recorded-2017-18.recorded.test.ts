// The recorded pages of 2017-18 through the whole pipeline: the games are those that another reader found on them.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSchedulePage } from "./pages/schedule-page.ts";
import { DATA, linesOf, type RecordedDemo, runRecordedDemo } from "./recorded-demo.fixture.ts";

const savedPage = (name: string) => readFile(join(DATA, "nba-bref-html", "pages", "schedule", name), "utf8");
/** `2017-10-18 00:01:00+00:00,BOSTON CELTICS,99,CLEVELAND CAVALIERS,102` */
const expectedGames = () => linesOf("nba-bref-html", "expected", "2018_season_schedule.csv");

let demo: RecordedDemo;

beforeAll(async () => {
  demo = await runRecordedDemo("2017-18");
});

afterAll(() => demo[Symbol.asyncDispose]());

test("1,312 games parse from the nine pages, exactly those that are expected", async () => {
  const found = await demo.rowsOf(`
    select to_char(starts_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS"+00:00"') as starts_at,
      upper(away_team) as away_team, away_points::text, upper(home_team) as home_team, home_points::text
    from prod.page_games`);
  expect(found).toHaveLength(1_312);
  expect(found.map((row) => Object.values(row).join()).sort()).toEqual(
    (await expectedGames()).map((row) => row.join()).sort(),
  );
});

test("the games are those of the pages, each on its New York day, and the ledger is whole", async () => {
  expect(demo.exitCode, demo.output).toBe(0);
  expect(
    await demo.rowsOf("select season_type, count(*) as n from prod.games group by 1 order by 1"),
  ).toEqual([
    { season_type: "playoffs", n: 82 },
    { season_type: "regular", n: 1_230 },
  ]);
  // No game begins before noon or after midnight where it is played.
  const odd = await demo.rowsOf(
    "select date from prod.page_games where (starts_at at time zone 'America/New_York')::date <> date",
  );
  expect(odd).toEqual([]);
  const perTeam = await demo.rowsOf(`
    select team, count(*) as n from prod.games, unnest(array[home_team, away_team]) as team
    where season_type = 'regular' group by 1`);
  expect(perTeam).toHaveLength(30);
  expect(perTeam.filter((row) => row.n !== 82)).toEqual([]);
});

test("a day without games is empty, justified by the page of its month", async () => {
  const unjustified = await demo.rowsOf(`
    select partition from headworks.outputs o where processor = 'games'
      and (status = 'empty') is distinct from (
        vouched_by = 'expectation' and not exists (select from prod.page_games g where g.date::text = o.partition))`);
  expect(unjustified).toEqual([]);
  expect(
    await demo.numberOf(
      "select count(*) from headworks.outputs where processor = 'games' and status = 'empty'",
    ),
  ).toBeGreaterThan(0);
});

test("the page for what is not found has no games, and a page of games to come has them without points", async () => {
  expect(readSchedulePage(await savedPage("not-found.html"))).toEqual([]);
  const upcoming = readSchedulePage(await savedPage("upcoming-games.html"));
  expect(upcoming.length).toBeGreaterThan(0);
  expect(upcoming.every((game) => game.home_points === null && game.away_points === null)).toBe(true);
  expect(upcoming[0]).toEqual({
    starts_at: "2019-04-01T23:30:00Z",
    date: "2019-04-01",
    home_team: "Boston Celtics",
    away_team: "Miami Heat",
    home_points: null,
    away_points: null,
  });
});
