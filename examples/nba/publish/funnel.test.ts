import { expect, test } from "vitest";
import { funnelOf } from "./funnel.ts";

const rows = (...ids: string[]) => ids.map((game_id) => ({ game_id }));

test("each stage counts its games, however many rows they have", () => {
  expect(
    funnelOf({
      scheduled: rows("a", "b", "c"),
      fetched: rows("a", "a", "a", "b"),
      summarised: rows("a", "b"),
      featured: rows("a"),
      predicted: rows("a", "a"),
      graded: [],
      published: 1,
    }),
  ).toEqual({ scheduled: 3, fetched: 2, summarised: 2, featured: 1, predicted: 1, graded: 0, published: 1 });
});

test("a stage that the season doesn't have is null, and not zero", () => {
  const nothing = { scheduled: undefined, fetched: undefined, summarised: undefined };
  const row = funnelOf({ ...nothing, featured: undefined, predicted: rows("a"), graded: [], published: 0 });
  expect(row).toMatchObject({ scheduled: null, featured: null, predicted: 1, graded: 0, published: 0 });
});
