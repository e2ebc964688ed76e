// Tests of pages: where one is cut, and what its cursor holds.

import { expect, test } from "vitest";
import { z } from "zod";
import { cutPage, readCursor, writeCursor } from "./page.ts";

const key = z.tuple([z.int(), z.string()]);

test("a page that holds all that was found has no cursor; one that was cut begins the next behind its last item", () => {
  expect(cutPage([1, 2], 2, String)).toEqual({ items: [1, 2], next_cursor: null });
  expect(cutPage([1, 2, 3], 2, String)).toEqual({ items: [1, 2], next_cursor: "2" });
  expect(cutPage([], 2, String)).toEqual({ items: [], next_cursor: null });
});

test("a cursor holds the sort key it was written from", () => {
  expect(readCursor(writeCursor([7, "é|x"]), key)).toEqual([7, "é|x"]);
});

test.for(["17", "", "%%%", writeCursor(["7", "x"]), writeCursor([7, "x\0"])])(
  "refuses %j as a cursor",
  (cursor) => {
    expect(() => readCursor(cursor, key)).toThrow(expect.objectContaining({ code: "CURSOR_INVALID" }));
  },
);
