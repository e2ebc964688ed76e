import { expect, test } from "vitest";
import { formatBytes } from "./sizes.ts";

test("writes sizes in the unit that suits them", () => {
  expect([0, 999, 1_000, 9_940, 83_400_000, 2_500_000_000].map(formatBytes)).toEqual([
    "0 B",
    "999 B",
    "1.0 kB",
    "9.9 kB",
    "83 MB",
    "2.5 GB",
  ]);
});
