// The recorded lines of 2023-24 through the whole pipeline: each of them is accounted for.

import { afterAll, beforeAll, expect, test } from "vitest";
import { type RecordedLine, recordedLines, recordedPredictions } from "./names/recorded-season.fixture.ts";
import { type RecordedDemo, runRecordedDemo } from "./recorded-demo.fixture.ts";

const lines = recordedLines();
let demo: RecordedDemo;

beforeAll(async () => {
  demo = await runRecordedDemo("2023-24");
});

afterAll(() => demo[Symbol.asyncDispose]());

test("all that is expected is there", () => {
  expect(demo.exitCode, demo.output).toBe(0);
});

test("every one of the 29,592 lines is kept, is a duplicate, or is rejected with a reason", async () => {
  expect(lines).toHaveLength(29_592);
  const kept = await demo.numberOf("select count(*) from prod.prop_lines");
  const duplicates = await demo.numberOf("select count(*) from prod.prop_line_duplicates");
  const rejected = await demo.numberOf(
    "select count(*) from headworks.rejected_rows where dataset in ('prop_lines', 'prop_line_duplicates')",
  );
  expect(kept + duplicates + rejected).toBe(29_592);
  expect(duplicates).toBe(lines.length - new Set(lines.map(keyOf)).size);
});

test("of the lines of a bookmaker on a player in a game the latest counts", async () => {
  const latest = new Map<string, string>();
  for (const line of lines) {
    if (line.timestamp > (latest.get(keyOf(line)) ?? "")) latest.set(keyOf(line), line.timestamp);
  }
  const kept = await demo.rowsOf(`
    select player_name, event_id, bookmaker, to_char(timestamp at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at
    from prod.prop_lines`);
  const wrong = kept.filter(
    (row) => latest.get(`${row.player_name},${row.event_id},${row.bookmaker}`) !== row.at,
  );
  expect(wrong).toEqual([]);
});

test("the actuals are those of the file", async () => {
  const actuals = recordedPredictions();
  const total = actuals.reduce((sum, row) => sum + row.PRA, 0);
  expect(await demo.rowsOf("select count(*) as n, sum(pra) as pra from prod.recorded_actuals")).toEqual([
    { n: actuals.length, pra: total },
  ]);
});

test("days without lines are empty, and nobody but the source could vouch for them", async () => {
  const days = new Set(lines.map((line) => line.event_date));
  const empty = await demo.rowsOf(
    "select partition, vouched_by from headworks.outputs where processor = 'prop_lines' and status = 'empty'",
  );
  const span = await demo.numberOf("select count(*) from headworks.outputs where processor = 'prop_lines'");
  expect(empty).toHaveLength(span - days.size);
  expect(empty.filter((row) => days.has(String(row.partition)) || row.vouched_by !== "processor")).toEqual(
    [],
  );
});

function keyOf({ player_name, event_id, bookmaker }: RecordedLine): string {
  return `${player_name},${event_id},${bookmaker}`;
}
