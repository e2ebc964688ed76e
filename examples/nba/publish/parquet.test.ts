import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { expect, test } from "vitest";
import { type GradingRow, gradingColumns } from "./grading-record.ts";
import { type Columns, toParquet } from "./parquet.ts";
import { type SlateRow, slateColumns } from "./slate.ts";

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

async function readBack<Row extends { [K in keyof Row]: string | number | null }>(
  rows: Row[],
  columns: Columns<Row>,
) {
  return parquetReadObjects({ file: bufferOf(toParquet<Row>(rows, columns)) });
}

const player = { date: "2026-01-14", game_id: "g1", player_id: 7, name: "Ñandú Üçar Jr.", predicted: 31.25 };
const none = { bookmaker: null, line: null, over_price: null, under_price: null };

test("a slate is read back from Parquet as it was written: numbers, accents and what is missing", async () => {
  const rows: SlateRow[] = [
    { ...player, baseline: 29.5, bookmaker: "north", line: 30.5, over_price: -115, under_price: 105 },
    { ...player, baseline: null, ...none },
    { ...player, player_id: 2_000_000_000, name: null, baseline: 0, ...none },
  ];
  expect(await readBack(rows, slateColumns)).toEqual(rows);
});

test("so is the grading record", async () => {
  const counted = { kind: "month", name: "2026-01", count: 9000, graded: 8000 };
  const rows: GradingRow[] = [
    { ...counted, mae: 5.21, baseline_mae: 5.6, hits: null, misses: null, hit_rate: null },
    { ...counted, mae: null, baseline_mae: null, hits: 10, misses: 0, hit_rate: 1 },
  ];
  expect(await readBack(rows, gradingColumns)).toEqual(rows);
});

test("a table of more rows than one group of the file is whole", async () => {
  const rows = Array.from({ length: 2500 }, (_, index) => ({
    ...player,
    player_id: index,
    baseline: 1,
    ...none,
  }));
  expect(await readBack<SlateRow>(rows, slateColumns)).toEqual(rows);
});

test("a table without rows is a file with its columns", async () => {
  const file = bufferOf(toParquet<SlateRow>([], slateColumns));
  expect(await parquetReadObjects({ file })).toEqual([]);
  expect(parquetMetadata(file).schema.map(({ name }) => name)).toEqual(
    expect.arrayContaining(Object.keys(slateColumns)),
  );
});

test("what it is about is in its metadata, and the same rows give the same bytes", () => {
  const about = { schema: "slate/1", status: "halted" };
  const bytes = toParquet<SlateRow>([], slateColumns, about);
  const { key_value_metadata } = parquetMetadata(bufferOf(bytes));
  expect(key_value_metadata).toEqual(expect.arrayContaining([{ key: "status", value: "halted" }]));
  expect(toParquet<SlateRow>([], slateColumns, about)).toEqual(bytes);
});
