// Tests of identifiers: no two are the same, also where many come out of one draw, and their order is that of time.

import { expect, test } from "vitest";
import { newTraceparent, uuidv7 } from "./ids.ts";

test("ids of one instant are all different, over many draws of random bytes", () => {
  const ids = Array.from({ length: 20_000 }, () => uuidv7(1_768_000_000_000));

  expect(new Set(ids).size).toBe(ids.length);
  expect(
    ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
  ).toBe(true);
});

test("a later id sorts after an earlier one", () => {
  expect(uuidv7(1_768_000_000_000) < uuidv7(1_768_000_000_001)).toBe(true);
});

test("a run that another released is in its trace, as a span of its own", () => {
  const parent = newTraceparent(null);
  const child = newTraceparent(parent);

  expect(child.split("-")[1]).toBe(parent.split("-")[1]);
  expect(child.split("-")[2]).not.toBe(parent.split("-")[2]);
});
