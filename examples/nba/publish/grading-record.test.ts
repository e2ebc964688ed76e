import { expect, test } from "vitest";
import { gradingHalt, gradingRecord, gradingRows } from "./grading-record.ts";

const prediction = (date: string, predicted: number, baseline: number | null, actual: number | null) => ({
  ...{ date, predicted, baseline, actual },
});
const line = (bookmaker: string, predicted: number | null, actual: number | null) => ({
  ...{ bookmaker, line: 20.5, over_price: -110, under_price: -110, predicted, actual },
});
const predictions = [
  prediction("2025-12-30", 20, 10, 22),
  prediction("2026-01-02", 30, 20, 26),
  prediction("2026-01-03", 30, 20, null),
];
const lines = [line("east", 25, 30), line("east", 25, 10), line("west", null, 30), line("west", 10, null)];

test("errors are told of all predictions and of each month, beside those of the season averages", () => {
  const record = gradingRecord(predictions, []);

  expect(record.predictions).toEqual({
    ...{ predictions: 3, graded: 2, withoutActual: 1 },
    ...{ mae: 3, baselineMae: 9, improvement: 0.667 },
  });
  expect(record.months.map(({ month, graded, mae }) => [month, graded, mae])).toEqual([
    ["2025-12", 1, 2],
    ["2026-01", 1, 4],
  ]);
});

test("lines are graded by bookmaker; one without an outcome or a pick is counted, not dropped", () => {
  expect(gradingRecord([], lines).bookmakers).toMatchObject([
    { bookmaker: "east", lines: 2, graded: 2, hits: 1, misses: 1, hitRate: 0.5 },
    { bookmaker: "west", lines: 2, graded: 1, withoutActual: 1, withoutPick: 1, hitRate: null },
  ]);
});

test("as a table it has a row for all, for each month and for each bookmaker", () => {
  const rows = gradingRows(gradingRecord(predictions, lines));
  expect(rows.map(({ kind, name, count, graded }) => [kind, name, count, graded])).toEqual([
    ["predictions", "all", 3, 2],
    ["month", "2025-12", 1, 1],
    ["month", "2026-01", 2, 1],
    ["bookmaker", "east", 2, 2],
    ["bookmaker", "west", 2, 1],
  ]);
});

test("it is halted until something has an outcome: a prediction, or a line", () => {
  expect(gradingHalt(gradingRecord([], []))).toMatch(/nothing has been graded/);
  expect(gradingHalt(gradingRecord([prediction("2026-01-03", 1, 1, null)], []))).toMatch(/nothing/);
  expect(gradingHalt(gradingRecord(predictions, []))).toBeUndefined();
  expect(gradingHalt(gradingRecord([], lines))).toBeUndefined();
});
