import { describe, expect, it } from "vitest";
import { readCsv } from "../source/csv.ts";
import { ALIASES_FILE, aliasesOf, aliasRow, readAliases } from "./aliases.ts";
import { resolveName } from "./resolve.ts";
import { indexRoster } from "./roster.ts";

const rows = readCsv(ALIASES_FILE, aliasRow);

describe("the table of aliases", () => {
  it("is in the order of the alphabet, each line with its reason", () => {
    expect(rows.map(({ spelling }) => spelling)).toEqual(rows.map(({ spelling }) => spelling).toSorted());
    expect(readAliases().size).toBe(rows.length);
  });

  it("holds nothing that the rules find without it", () => {
    const roster = indexRoster(rows.map(({ player }, at) => ({ playerId: at, name: player })));
    const found = rows.filter(({ spelling }) => resolveName(spelling, roster).kind === "resolved");
    expect(found).toEqual([]);
  });

  it("finds each player by each alias", () => {
    const players = [...new Set(rows.map(({ player }) => player))];
    const roster = indexRoster(
      players.map((name, playerId) => ({ playerId, name })),
      readAliases(),
    );
    for (const { spelling, player } of rows) {
      const playerId = players.indexOf(player);
      expect(resolveName(spelling, roster)).toEqual({
        kind: "resolved",
        playerId,
        score: 0.99,
        method: "alias",
      });
    }
  });

  it("refuses a spelling that stands for two players", () => {
    const twice = [
      { spelling: "Greg Jackson", player: "GG Jackson" },
      { spelling: "greg  jackson", player: "Reggie Jackson" },
    ];
    expect(() => aliasesOf(twice)).toThrow(/"greg {2}jackson" stands for two players/);
  });
});
