// The recorded lines, actuals and predictions of 2023-24 through the pipeline: each of the 29,592 lines is accounted for, and
// what the grades say is what the files hold.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { createTestDatabase, type TestDatabase } from "../../headworks/src/testing/database.ts";
import { startDemo } from "./demo-process.fixture.ts";
import { recordedLines, recordedPredictions } from "./names/recorded-season.fixture.ts";
import { readCsv } from "./source/csv.ts";

type Row = Record<string, unknown>;

const lines = recordedLines();
const predictions = recordedPredictions();

let db: TestDatabase;
let dataDir: string;
const rowsOf = async (sql: string): Promise<Row[]> => (await db.database.query<Row>(sql)).rows;

beforeAll(async () => {
  db = await createTestDatabase();
  dataDir = await mkdtemp(join(tmpdir(), "headworks-props-"));
  const args = ["--source", "recorded", "--season", "2023-24"];
  const demo = startDemo({ dataDir, databaseUrl: db.url, args });
  expect(await demo.ended, demo.output()).toBe(0);
});

afterAll(async () => {
  await db[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true });
});

describe("the 29,592 lines", () => {
  it("are each matched, unresolved, a duplicate or rejected, in all and day by day", async () => {
    const [total] = await rowsOf(`
      select (select count(*) from prod.name_matches) as matched,
        (select count(*) from prod.unresolved_names) as unresolved,
        (select count(*) from prod.prop_line_duplicates) as duplicates,
        (select count(*) from headworks.rejected_rows) as rejected`);
    expect(total).toEqual({ matched: 28_322, unresolved: 8, duplicates: 1_262, rejected: 0 });
    expect(28_322 + 8 + 1_262).toBe(29_592);
    const found = await rowsOf(`
      select date::text as date, count(*) as lines from (
        select date from prod.name_matches union all select date from prod.unresolved_names
        union all select date from prod.prop_line_duplicates
      ) l group by 1 order by 1`);
    const days = [...Map.groupBy(lines, ({ event_date }) => event_date)].sort(([a], [b]) => (a < b ? -1 : 1));
    expect(found).toEqual(days.map(([date, its]) => ({ date, lines: its.length })));
  });

  it("are unresolved where a person could not tell either, with five candidates each", async () => {
    const found = await rowsOf(`
      select player_name, count(*) as n, min(jsonb_array_length(candidates)) as candidates
      from prod.unresolved_names group by 1 order by 1`);
    expect(found).toEqual(
      Object.entries({
        "C. Martin": 1,
        "J. Green": 3,
        "Kobi Simmons": 1,
        "T. Young": 1,
        "Timmy Allen": 2,
      }).map(([player_name, n]) => ({ player_name, n, candidates: 5 })),
    );
  });

  it("are covered for all but two bookmakers, and for those at 99.8 % or more", async () => {
    const found = await rowsOf(`
      select bookmaker, avg(matched) as coverage from (
        select bookmaker, 1.0::float8 as matched from prod.name_matches
        union all select bookmaker, 0 from prod.unresolved_names
      ) l group by 1 order by 1`);
    expect(found).toHaveLength(10);
    const short = found.filter(({ coverage }) => coverage !== 1).map(({ bookmaker }) => bookmaker);
    expect(short).toEqual(["BetMGM", "BetOnline.ag"]);
    for (const { coverage } of found) expect(coverage).toBeGreaterThan(0.998);
  });

  it("name the right player by each of the 137 spellings that are not his name", async () => {
    const spellings = readCsv(
      join(import.meta.dirname, "names", "recorded-spellings.csv"),
      z.object({ spelling: z.string(), player: z.string() }),
    );
    const found = await rowsOf(`
      select distinct m.player_name as spelling, p.name as player
      from prod.name_matches m join prod.recorded_players p using (player_id) where m.player_name <> p.name`);
    const bySpelling = (a: Row, b: Row) => (String(a.spelling) < String(b.spelling) ? -1 : 1);
    expect(found.sort(bySpelling)).toEqual(spellings.toSorted(bySpelling));
  });
});

describe("the grades", () => {
  it("have every recorded prediction beside the season average, which is the better one", async () => {
    const [grades] = await rowsOf(`
      select count(*) as n, avg(error) as mae, avg(error) filter (where baseline is not null) as compared_mae,
        avg(baseline_error) as baseline_mae, count(baseline_error) as compared from prod.prediction_grades`);
    expect(grades).toMatchObject({ n: predictions.length, compared: 24_772 });
    expect(grades?.mae).toBeCloseTo(8.113, 3);
    expect(grades?.compared_mae).toBeCloseTo(8.1332, 3);
    expect(grades?.baseline_mae).toBeCloseTo(6.3122, 3);
  });

  it("have every matched line, with what its player reached where he played", async () => {
    const reached = new Map(predictions.map((row) => [`${row.PLAYER_ID} ${Number(row.GAME_ID)}`, row.PRA]));
    const found = await rowsOf("select player_id, game_id, line, actual, result from prod.line_grades");
    expect(found).toHaveLength(28_322);
    const played = found.filter(({ result }) => result !== "void");
    expect(played).toHaveLength(23_722);
    for (const { player_id, game_id, line, actual, result } of played) {
      expect(actual).toBe(reached.get(`${player_id} ${Number(game_id)}`));
      expect(result).toBe(Number(actual) > Number(line) ? "over" : "under");
    }
  });

  it("grade an event by one game, of its own day or the day before", async () => {
    const wrong = await rowsOf(`
      select l.event_id from prod.line_grades l left join (
        select distinct game_id, date from prod.actuals
      ) g using (game_id)
      where l.game_id is not null group by 1
      having count(distinct l.game_id) > 1 or bool_or(g.date is null or l.date - g.date not in (0, 1))`);
    expect(wrong).toEqual([]);
  });
});
