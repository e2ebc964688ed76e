// Tests of which lines are kept: checked against a table that does what it is told.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { LogLine } from "../store/history/logs.ts";
import { FIRST_LINES_KEPT, keepLines, LAST_LINES_KEPT } from "./kept-lines.ts";

const KEPT = FIRST_LINES_KEPT + LAST_LINES_KEPT;
const line = { at: "2026-01-14T00:00:00.000Z", severity: "INFO", message: "m", fields: null } as const;

/** A table of lines, and the steps that a writer takes. */
function openTable() {
  const lines = keepLines();
  const table = new Set<number>();
  const write = (rows: readonly LogLine[]) => {
    for (const { seq } of rows) table.add(seq);
    lines.stored(rows);
    const surplus = lines.findSurplus();
    if (surplus === undefined) return;
    for (let seq = surplus.firstSeq; seq <= surplus.lastSeq; seq += 1) table.delete(seq);
    lines.deleted(surplus);
  };
  const log = (count: number) => {
    for (let index = 0; index < count; index += 1) lines.add(line);
  };
  return { lines, table, log, write, flush: () => write(lines.pending()) };
}

const upTo = (last: number, first = 1) =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

test("all lines of a run that logs no more than that are kept", () => {
  const { lines, table, log, flush } = openTable();

  log(KEPT);
  flush();

  expect([...table]).toEqual(upTo(KEPT));
  expect(lines.dropped()).toBe(0);
  expect(lines.isSettled()).toBe(true);
});

test("of more, the first and the last ones are kept, and the others counted", () => {
  const { lines, table, log, flush } = openTable();

  log(10_000);
  flush();

  expect([...table]).toEqual([...upTo(FIRST_LINES_KEPT), ...upTo(10_000, 10_001 - LAST_LINES_KEPT)]);
  expect(lines.dropped()).toBe(10_000 - KEPT);
});

test("memory holds no more than is kept while nothing is stored", () => {
  const { lines, log } = openTable();

  log(10_000);

  expect(lines.pending()).toHaveLength(KEPT);
});

test("lines given up are counted once, also when they would have been dropped later", () => {
  const { lines, table, log, flush } = openTable();

  log(500);
  expect(lines.giveUp()).toBe(500);
  expect(lines.dropped()).toBe(500);
  log(1_000);
  flush();

  expect([...table]).toEqual(upTo(1_500, 1_501 - LAST_LINES_KEPT));
  expect(lines.dropped()).toBe(1_500 - table.size);
});

test("whatever the order of logging and storing, the table ends with what is to be kept", () => {
  const step = fc.oneof(
    fc.record({ log: fc.nat({ max: 900 }) }),
    // What is logged while a write is under way comes between its beginning and its end.
    fc.record({ logMeanwhile: fc.nat({ max: 900 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const { lines, table, log, write, flush } = openTable();
      let logged = 0;
      for (const each of steps) {
        const rows = "log" in each ? undefined : lines.pending();
        const count = "log" in each ? each.log : each.logMeanwhile;
        log(count);
        logged += count;
        if (rows !== undefined) write(rows);
      }
      flush();

      const wanted = upTo(logged).filter((seq) => seq <= FIRST_LINES_KEPT || seq > logged - LAST_LINES_KEPT);
      expect([...table]).toEqual(wanted);
      expect(lines.dropped()).toBe(logged - table.size);
      expect(lines.isSettled()).toBe(true);
    }),
    { numRuns: 50 },
  );
});
