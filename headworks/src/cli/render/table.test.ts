import { expect, test } from "vitest";
import { plainPaint } from "./output.ts";
import { type Column, table } from "./table.ts";

interface Row {
  name: string;
  amount: number | null;
  note: string;
}

const COLUMNS: Column<Row>[] = [
  { title: "name", value: (row) => row.name },
  { title: "amount", align: "right", value: (row) => row.amount },
  { title: "note", value: (row) => row.note, flexible: true },
];

const ROWS = [
  { name: "box_scores", amount: 1384, note: "a note that is rather long" },
  { name: "x", amount: null, note: "" },
];

test("aligns columns and leaves no spaces at the end of a line", () => {
  expect(table(ROWS, COLUMNS, { paint: plainPaint, width: undefined })).toEqual([
    "name        amount  note",
    "box_scores    1384  a note that is rather long",
    "x                –",
  ]);
});

test("cuts the flexible column to fit the width, and says so with an ellipsis", () => {
  const lines = table(ROWS, COLUMNS, { paint: plainPaint, width: 34 });

  expect(lines[1]).toBe("box_scores    1384  a note that i…");
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(34);
});

test("colors cells after they are aligned", () => {
  const styled: Column<Row>[] = [
    { title: "name", value: (row) => row.name, style: () => "red" },
    ...COLUMNS.slice(1),
  ];

  const lines = table(ROWS, styled, {
    paint: (style, text) => `<${String(style)}>${text}</>`,
    width: undefined,
  });

  expect(lines[2]).toBe("<red>x         </>       –");
});

test("lets no text from outside move the cursor or break the line", () => {
  const lines = table([{ name: "\u001b[2Jx\ny", amount: 1, note: "a\u202eb" }], COLUMNS, {
    paint: plainPaint,
    width: undefined,
  });

  expect(lines[1]).toBe("\uFFFD[2Jx y       1  a\uFFFDb");
});
