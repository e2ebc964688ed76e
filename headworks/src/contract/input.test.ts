// Tests of how an input is read: what fits has its defaults, what doesn't is refused by field and bound.

import { expect, test } from "vitest";
import { z } from "zod";
import { parseInput } from "./input.ts";
import { question } from "./operation.ts";
import { PAGE_LIMIT, pageInput } from "./page.ts";

const listed = question({
  name: "things.list",
  summary: "List things.",
  path: "/v1/things",
  input: z.strictObject({
    ...pageInput,
    name: z.string().min(1).optional(),
    names: z.array(z.string()).max(2).optional(),
    code: z.string().min(2).optional(),
    rate: z.number().positive().optional(),
    state: z.enum(["open", "closed"]).optional(),
  }),
  output: z.null(),
});

test("what may be left out has its default", () => {
  expect(parseInput(listed, { name: undefined })).toEqual({ limit: PAGE_LIMIT.default });
});

test.for([
  [{ limit: PAGE_LIMIT.max + 1 }, `limit must be at most ${PAGE_LIMIT.max}`],
  [{ limit: 0 }, "limit must be at least 1"],
  [{ limit: "many" }, "limit must be of type number"],
  [{ rate: 0 }, "rate must be more than 0"],
  [{ name: "" }, "name must not be empty"],
  [{ code: "a" }, "code must have at least 2 characters"],
  [{ names: ["a", "b", "c"] }, "names must have at most 2 items"],
  [{ state: "ajar" }, "state must be one of: open, closed"],
  [{ color: "red" }, "unknown field color"],
  [{ limit: 0, color: "red" }, "limit must be at least 1; unknown field color"],
] as const)("refuses %j", ([given, message]) => {
  expect(() => parseInput(listed, given)).toThrow(
    expect.objectContaining({ code: "INPUT_INVALID", message: `things.list: ${message}` }),
  );
});
