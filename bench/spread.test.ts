// Tests of medians and quantiles.

import { expect, test } from "vitest";
import { quantileOf, spreadOf } from "./spread.ts";

test("the median lies in the middle, between two where their number is even", () => {
  expect(spreadOf([5, 1, 3])).toEqual({ median: 3, least: 1, most: 5 });
  expect(spreadOf([4, 1, 2, 10])).toEqual({ median: 3, least: 1, most: 10 });
});

test("nothing measured is no number", () => {
  expect(spreadOf([])).toEqual({ median: Number.NaN, least: Number.NaN, most: Number.NaN });
  expect(quantileOf([], 0.5)).toBeNaN();
});

test("a quantile is the least value that so many don't exceed", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

  expect(quantileOf(hundred, 0.5)).toBe(50);
  expect(quantileOf(hundred, 0.99)).toBe(99);
  expect(quantileOf(hundred, 1)).toBe(100);
});
