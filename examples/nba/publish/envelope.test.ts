import { expect, test } from "vitest";
import { envelope, rounded } from "./envelope.ts";

const head = { schema: "slate/1", season: "2025-26", generatedFor: "2026-01-14", without: [] } as const;

test("what is published says what it is and what it is for", () => {
  expect(envelope({ ...head, without: ["name_matches"] }, { games: [1] })).toEqual({
    schema: "slate/1",
    season: "2025-26",
    generatedFor: "2026-01-14",
    status: "published",
    without: ["name_matches"],
    data: { games: [1] },
  });
});

test("what is halted says why, and has the same shape: a reader finds an empty list rather than nothing", () => {
  expect(envelope({ ...head, without: [] }, { games: [] }, "no games are scheduled")).toEqual({
    ...head,
    status: "halted",
    reason: "no games are scheduled",
    data: { games: [] },
  });
});

test("numbers are published to two digits, and a missing one stays missing", () => {
  expect([rounded(31.24999), rounded(0.005), rounded(-1.005), rounded(null)]).toEqual([
    31.25,
    0.01,
    -1,
    null,
  ]);
});
