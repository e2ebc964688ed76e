// The first weeks of the simulated season through the real demo: names, predictions and grades, as SQL finds them; then a
// week more, to see that what was known of the earlier ones has not changed by it.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eachDay } from "headworks-example-kit/days.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startCommand } from "../../headworks/src/cli/command.fixture.ts";
import { createTestDatabase, type TestDatabase } from "../../headworks/src/testing/database.ts";
import { startDemo } from "./demo-process.fixture.ts";
import { predict } from "./model/linear-model.ts";
import { simulateLeague } from "./source/simulated/simulate-league.ts";

const FIRST_DAY = "2025-10-21";
const LAST_DAY = "2025-11-16";
const A_WEEK_LATER = "2025-11-23";

let db: TestDatabase;
let dataDir: string;

type Row = Record<string, unknown>;
const rowsOf = async (sql: string): Promise<Row[]> => (await db.database.query<Row>(sql)).rows;

async function runUpTo(lastDay: string): Promise<void> {
  const demo = startDemo({ dataDir, databaseUrl: db.url, args: ["--last-day", lastDay] });
  expect(await demo.ended, demo.output()).toBe(0);
}

async function runAgain(processor: string, partition: string): Promise<void> {
  const where = ["--data-dir", dataDir, "--database-url", db.url];
  await using command = startCommand(["run", processor, "--partition", partition, "--force", ...where], {
    cwd: import.meta.dirname,
    env: { NBA_LAST_DAY: A_WEEK_LATER, NBA_SOURCE_KEY: "not used" },
  });
  const { code, stderr } = await command.ended;
  expect(code, stderr).toBe(0);
  const [run] = await rowsOf(`
    select outcome, rows_unchanged, rows_inserted + rows_updated + rows_removed as rows_changed from headworks.runs
    where processor = '${processor}' and partition = '${partition}' order by id desc limit 1`);
  expect(run).toMatchObject({ outcome: "success", rows_changed: 0 });
  expect(run?.rows_unchanged).toBeGreaterThan(0);
}

beforeAll(async () => {
  db = await createTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), "headworks-predictions-"));
  await runUpTo(LAST_DAY);
});

afterAll(async () => {
  await db[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true });
});

describe("the lines of the bookmakers", () => {
  it("are each matched, unresolved, a duplicate or rejected, day by day", async () => {
    const league = simulateLeague({ seed: 1 });
    const offered = eachDay(FIRST_DAY, LAST_DAY).map((date) => ({
      date,
      lines: league.propLines?.(date).length,
    }));
    const found = await rowsOf(`
      select r.partition as date, coalesce(sum(n), 0)::int as lines
      from headworks.outputs r left join (
        select date, count(*) as n from prod.name_matches group by 1
        union all select date, count(*) from prod.unresolved_names group by 1
        union all select date, count(*) from prod.prop_line_duplicates group by 1
      ) l on l.date::text = r.partition
      where r.processor = 'prop_lines' group by 1 order by 1`);
    expect(found).toEqual(offered);
  });

  it("that nobody could be found for are kept with candidates", async () => {
    const [counted] = await rowsOf(
      "select count(*) as n, min(jsonb_array_length(candidates)) as fewest from prod.unresolved_names",
    );
    expect(counted?.n).toBeGreaterThan(0);
    expect(counted?.fewest).toBeGreaterThan(0);
  });

  it("are matched with players of the two teams", async () => {
    const strangers = await rowsOf(`
      select m.player_name, r.team, l.home_team, l.away_team
      from prod.name_matches m
      join prod.prop_lines l using (date, event_id, bookmaker, player_name)
      join prod.rosters r using (date, player_id)
      join prod.teams t on t.tricode = r.team
      where t.name not in (l.home_team, l.away_team)`);
    expect(strangers).toEqual([]);
  });

  it("have their coverage as a metric of every bookmaker", async () => {
    const wrong = await rowsOf(`
      with lines as (
        select date::text as day, bookmaker, true as matched from prod.name_matches
        union all select date::text, bookmaker, false from prod.unresolved_names
      ), coverage as (
        select day, bookmaker, avg(matched::int) as share from lines group by 1, 2
      ), reported as (
        select r.partition as day, m.labels ->> 'bookmaker' as bookmaker, m.value
        from headworks.run_metrics m join headworks.runs r on r.id = m.run_id
        where m.name = 'mapping.coverage'
      )
      select * from coverage full join reported using (day, bookmaker)
      where share is null or value is null or abs(share - value) > 1e-9`);
    expect(wrong).toEqual([]);
  });
});

describe("the summaries of teams", () => {
  it("add up to the scores of the games", async () => {
    const wrong = await rowsOf(`
      select g.game_id from prod.games g
      join prod.team_game_summaries h on h.game_id = g.game_id and h.team = g.home_team
      join prod.team_game_summaries a on a.game_id = g.game_id and a.team = g.away_team
      where (h.points, h.allowed, a.points, a.allowed)
        is distinct from (g.home_points, g.away_points, g.away_points, g.home_points)`);
    expect(wrong).toEqual([]);
    expect(await rowsOf("select count(*) as n from prod.team_game_summaries")).toEqual(
      await rowsOf("select 2 * count(*) as n from prod.games"),
    );
  });
});

describe("the predictions", () => {
  it("use no game of their day or later, in their features as in their model", async () => {
    const [counted] = await rowsOf("select count(*) as n from prod.pra_predictions");
    expect(counted?.n).toBeGreaterThan(1_000);
    const late = await rowsOf(`
      select p.date, p.player_id from prod.pra_predictions p
      left join prod.model_fits m on m.week = p.model_week and m.fitted_to < m.first_day and m.first_day <= p.date
      where m.week is null`);
    expect(late).toEqual([]);
    const wrong = await rowsOf(`
      select f.date, f.player_id from prod.features f
      left join lateral (
        select count(*) as games, avg(s.pra) as season, max(s.date) as last,
          avg(s.pra) filter (where s.latest <= 5) as last_5
        from (
          select pra, date, row_number() over (order by date desc, game_id desc) as latest
          from prod.player_game_summaries h
          where h.player_id = f.player_id and h.date < f.date and h.minutes > 0
        ) s
      ) s on true
      where f.games_played <> s.games
        or abs(f.pra_season - s.season) > 1e-9 or abs(f.pra_last_5 - s.last_5) > 1e-9
        or f.rest_days is distinct from f.date - s.last - 1`);
    expect(wrong).toEqual([]);
  });

  it("are what the stored coefficients give", async () => {
    const [predictions, features, fits] = await Promise.all([
      rowsOf("select * from prod.pra_predictions"),
      rowsOf("select * from prod.features"),
      rowsOf("select * from prod.model_fits"),
    ]);
    const byPlayer = new Map(features.map((row) => [`${row.date} ${row.player_id}`, row]));
    const byWeek = new Map(
      fits.map(({ week, intercept, coefficients }) => [week, { intercept, coefficients }]),
    );
    for (const { date, player_id, model_week, predicted } of predictions) {
      const model = byWeek.get(model_week) as Parameters<typeof predict>[0];
      expect(predict(model, byPlayer.get(`${date} ${player_id}`) ?? {})).toBeCloseTo(Number(predicted), 9);
    }
  });

  it("begin with the first model: before it, the days are empty, as expected of them", async () => {
    const days = await rowsOf(`
      select o.partition, o.status, o.vouched_by, exists (
        select from prod.model_fits m where m.first_day <= o.partition::date
      ) as has_model
      from headworks.outputs o
      where o.processor = 'pra_predictions' and o.partition in (select date::text from prod.games) order by 1`);
    const before = days.filter(({ has_model }) => !has_model);
    expect(before.length).toBeGreaterThan(0);
    for (const day of before) expect(day).toMatchObject({ status: "empty", vouched_by: "expectation" });
    const after = days.filter(({ has_model }) => has_model);
    expect(after.length).toBeGreaterThan(0);
    for (const day of after) expect(day.status).toBe("complete");
  });

  it("are each graded beside the season average, which they beat", async () => {
    const [grades] = await rowsOf(`
      select count(*) = (select count(*) from prod.pra_predictions) as all_there,
        count(*) filter (where g.actual is distinct from a.pra) as wrong_actuals,
        count(*) filter (where abs(error - abs(predicted - actual)) > 1e-9
          or abs(baseline_error - abs(baseline - actual)) > 1e-9) as wrong_errors,
        count(error) as graded, avg(error) as mae, avg(baseline_error) as baseline_mae
      from prod.prediction_grades g left join prod.actuals a using (player_id, game_id)`);
    expect(grades).toMatchObject({ all_there: true, wrong_actuals: 0, wrong_errors: 0 });
    expect(grades?.graded).toBeGreaterThan(500);
    expect(grades?.mae).toBeLessThan(Number(grades?.baseline_mae));
  });
});

describe("the grades of lines", () => {
  it("are there for every matched line, with the game that it was of", async () => {
    const [counted] = await rowsOf(`
      select (select count(*) from prod.name_matches) as matched, count(*) as lines,
        count(*) filter (where game_id is null) as lost,
        count(*) filter (where l.result <> 'void' and g.date <> l.date) as of_another_day
      from prod.line_grades l left join prod.games g using (game_id)`);
    expect(counted?.lines).toBe(counted?.matched);
    expect(counted).toMatchObject({ lost: 0, of_another_day: 0 });
  });

  it("say which side won, and whether ours did", async () => {
    const wrong = await rowsOf(`
      select l.* from prod.line_grades l
      left join prod.actuals a using (player_id, game_id)
      left join prod.pra_predictions p using (player_id, game_id)
      where l.result <> case when a.pra is null then 'void' when a.pra > l.line then 'over' when a.pra < l.line then 'under' else 'push' end
        or l.hit is distinct from case when a.pra <> l.line and p.predicted <> l.line
          then (a.pra > l.line) = (p.predicted > l.line) end`);
    expect(wrong).toEqual([]);
    const [hits] = await rowsOf(
      "select count(hit) as n, count(distinct bookmaker) as bookmakers from prod.line_grades",
    );
    expect(hits?.n).toBeGreaterThan(1_000);
    expect(hits?.bookmakers).toBeGreaterThanOrEqual(6);
  });
});

describe("a week more of games", () => {
  it("changes no feature, model or prediction of an earlier day, though they are made again", async () => {
    const [day] = await rowsOf(
      "select max(date)::text as date, max(model_week) as week from prod.pra_predictions",
    );
    const earlier = () =>
      Promise.all([
        rowsOf(`select * from prod.features where date <= '${LAST_DAY}' order by date, player_id`),
        rowsOf(`select * from prod.model_fits where first_day <= '${LAST_DAY}' order by week`),
        rowsOf(`select * from prod.pra_predictions where date <= '${LAST_DAY}' order by date, player_id`),
        rowsOf(`select * from prod.prediction_grades where date <= '${LAST_DAY}' order by date, player_id`),
      ]);
    const before = await earlier();
    await runUpTo(A_WEEK_LATER);
    const [later] = await rowsOf(`select count(*) as n from prod.pra_predictions where date > '${LAST_DAY}'`);
    expect(later?.n).toBeGreaterThan(1_000);

    await runAgain("features", String(day?.date));
    await runAgain("model_fits", String(day?.week));
    await runAgain("pra_predictions", String(day?.date));
    expect(await earlier()).toEqual(before);
  });
});
