import { expect, test } from "vitest";
import { plural } from "./plural.ts";

test("an amount has its noun in the right number, and thousands are separated", () => {
  expect([0, 1, 2, 1_200].map((amount) => plural(amount, "task"))).toEqual([
    "0 tasks",
    "1 task",
    "2 tasks",
    "1,200 tasks",
  ]);
  expect([1, 2].map((amount) => plural(amount, "retry", "retries"))).toEqual(["1 retry", "2 retries"]);
});
