// Tests of how outputs are named for people.

import { expect, test } from "vitest";
import { formatOutputName } from "./expectation.ts";

test("an output is named by its processor and its partition", () => {
  expect(formatOutputName({ processor: "box_scores_raw", partition: "2026-01-14" })).toBe(
    "box_scores_raw[2026-01-14]",
  );
});

test("a partition may hold a colon of its own", () => {
  expect(formatOutputName({ processor: "decks", partition: "tournament:4137" })).toBe(
    "decks[tournament:4137]",
  );
});
