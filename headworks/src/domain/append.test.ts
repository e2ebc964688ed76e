import { expect, test } from "vitest";
import { append } from "./append.ts";

test("adds more items than the arguments of one call can be", () => {
  const list = [0];

  append(
    list,
    Array.from({ length: 1_000_000 }, (_, index) => index + 1),
  );

  expect(list).toHaveLength(1_000_001);
  expect(list.at(-1)).toBe(1_000_000);
});
