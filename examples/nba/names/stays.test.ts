import { describe, expect, it } from "vitest";
import { type Appearance, staysOf } from "./stays.ts";

const game = (date: string, ...teams: string[]): Appearance => ({
  playerId: 7,
  name: "A Guard",
  date,
  teams,
});
const spans = (appearances: readonly Appearance[]) =>
  staysOf(appearances).map(({ team, from, to }) => [team, from, to]);

describe("the stays of a player", () => {
  it("is one, without an end, with the team that all his games have in common", () => {
    const games = [game("2024-01-01", "BOS", "MIA"), game("2024-01-03", "NYK", "BOS")];
    expect(spans(games)).toEqual([["BOS", undefined, undefined]]);
  });

  it("is split by a trade, and may be with either team between the two games around it", () => {
    const games = [
      game("2024-02-10", "TOR", "NYK"),
      game("2024-01-01", "BOS", "MIA"),
      game("2024-01-03", "NYK", "BOS"),
      game("2024-02-12", "MIA", "TOR"),
    ];
    expect(spans(games)).toEqual([
      ["BOS", undefined, "2024-02-09"],
      ["TOR", "2024-01-04", undefined],
    ]);
  });

  it("is with both teams when there is only one game to tell from", () => {
    expect(spans([game("2024-01-01", "BOS", "MIA")])).toEqual([
      ["BOS", undefined, undefined],
      ["MIA", undefined, undefined],
    ]);
  });
});
