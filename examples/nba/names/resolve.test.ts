import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizeName } from "./normalize.ts";
import { resolveName } from "./resolve.ts";
import { indexRoster, type RosterRow } from "./roster.ts";

const rows: readonly RosterRow[] = [
  { playerId: 1, name: "Nikola Jokić", team: "DEN" },
  { playerId: 2, name: "Nikola Jović", team: "MIA" },
  { playerId: 3, name: "Jalen Williams", team: "OKC" },
  { playerId: 4, name: "Jaylin Williams", team: "OKC" },
  { playerId: 5, name: "Caleb Martin", team: "MIA" },
  { playerId: 6, name: "Cody Martin", team: "CHA" },
  { playerId: 7, name: "Derrick Jones Jr.", team: "DAL" },
  { playerId: 8, name: "Damian Jones", team: "CLE" },
  { playerId: 9, name: "Robert Williams III", team: "POR" },
  { playerId: 10, name: "Kyle Lowry", team: "MIA", to: "2024-01-23" },
  { playerId: 10, name: "Kyle Lowry", team: "PHI", from: "2024-01-24" },
  { playerId: 11, name: "Jerami Grant", team: "POR" },
  { playerId: 12, name: "Nicolas Batum", team: "PHI" },
  { playerId: 13, name: "Kevin Love", team: "MIA" },
  { playerId: 14, name: "LeBron James" },
];
const roster = indexRoster(rows);
const resolved = (playerId: number, method: string) => expect.objectContaining({ playerId, method });
const unresolved = expect.objectContaining({ kind: "unresolved" });

describe("the resolution of a name", () => {
  it.each([
    ["Nikola Jokic", "normalized", 1],
    ["Nikola Jovic", "normalized", 2],
    ["Le Bron James", "normalized", 14],
    ["Derrick Jones", "normalized", 7],
    ["Robert Williams", "normalized", 9],
    ["Kyle Lowry Jr.", "normalized", 10],
    ["Grant Jerami", "reordered", 11],
    ["Nicholas Batum", "similar", 12],
    ["D. Jones Jr.", "shortened", 7],
  ])("finds %s, %s", (spelling, method, playerId) => {
    expect(resolveName(spelling, roster)).toEqual(resolved(playerId, method));
  });

  it("tells players of the same initial apart by the teams of the game, and by the day", () => {
    expect(resolveName("C. Martin", roster, { teams: ["MIA", "BOS"] })).toEqual(resolved(5, "shortened"));
    expect(resolveName("C. Martin", roster, { teams: ["CHA", "BOS"] })).toEqual(resolved(6, "shortened"));
    const philadelphia = { teams: ["PHI", "BOS"] };
    expect(resolveName("K. Lowry", roster, { ...philadelphia, date: "2024-02-01" })).toEqual(
      resolved(10, "shortened"),
    );
    expect(resolveName("K. Lowry", roster, { ...philadelphia, date: "2024-01-01" })).toEqual(unresolved);
  });

  it("takes the team in parentheses where the line names none", () => {
    expect(resolveName("C. Martin (Cha)", roster)).toEqual(resolved(6, "shortened"));
    expect(resolveName("C. Martin (CHA)", roster, { teams: ["MIA"] })).toEqual(resolved(5, "shortened"));
  });

  it.each([
    ["two players of the same initial", "C. Martin", ["MIA", "CHA"]],
    ["an initial whose only player is with another team", "J. Grant", ["MIA", "CHA"]],
    ["another suffix than the player's", "Robert Williams II", ["POR"]],
    ["a suffix that belongs to somebody else", "D. Jones Jr.", ["CLE"]],
    ["a first name between two others", "Jaylen Williams", ["OKC"]],
    ["the namesake of a last name", "Jordan Love", ["MIA"]],
    ["a last name alone", "Batum", ["PHI"]],
    ["no name at all", "", ["PHI"]],
  ])("does not guess: %s", (_, spelling, teams) => {
    expect(resolveName(spelling, roster, { teams })).toEqual(unresolved);
  });

  it("names five candidates, the likeliest first", () => {
    const answer = resolveName("C. Martin", roster, { teams: ["MIA", "CHA"] });
    if (answer.kind !== "unresolved") throw new Error("guessed");
    expect(answer.candidates).toHaveLength(5);
    expect(answer.candidates.slice(0, 2)).toEqual([
      { playerId: 5, name: "Caleb Martin", score: 0.9 },
      { playerId: 6, name: "Cody Martin", score: 0.9 },
    ]);
  });

  it("puts the candidate of the right team before another of the same score", () => {
    const answer = resolveName("Cm. Martin", roster, { teams: ["CHA"] });
    expect(answer).toMatchObject({ kind: "unresolved", candidates: [{ playerId: 6 }, {}, {}, {}, {}] });
  });
});

const given = ["Jalen", "Jaylin", "Jaden", "J.", "Kevin", "Kevon", "Nic", "Nicolas", "Nicholas", "Luka"];
const family = ["Williams", "Wiliams", "Green", "Greene", "Gilgeous-Alexander", "Dončić", "Doncic"];
const name = fc
  .tuple(fc.constantFrom(...given), fc.constantFrom(...family), fc.constantFrom("", "", " Jr.", " II"))
  .map(([first, last, suffix]) => `${first} ${last}${suffix}`);
const team = fc.constantFrom("OKC", "DAL", undefined);
const someRows = fc
  .uniqueArray(fc.record({ name, team }), { selector: (row) => row.name, minLength: 1, maxLength: 12 })
  .map((list): RosterRow[] => list.map((row, playerId) => ({ playerId, ...row })));
const context = fc.record({ teams: fc.constantFrom(undefined, ["OKC"], ["OKC", "DAL"], ["BOS"]) });

describe("whatever the roster", () => {
  it("does not depend on the order of the roster", () => {
    fc.assert(
      fc.property(
        someRows.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        name,
        context,
        ([list, shuffled], spelling, known) => {
          expect(resolveName(spelling, indexRoster(shuffled), known)).toEqual(
            resolveName(spelling, indexRoster(list), known),
          );
        },
      ),
    );
  });

  it("resolves every exact name to itself", () => {
    fc.assert(
      fc.property(someRows, context, (list, known) => {
        const index = indexRoster(list);
        for (const row of list) {
          expect(resolveName(row.name, index, known)).toMatchObject({
            playerId: row.playerId,
            method: "exact",
          });
        }
      }),
    );
  });

  it("resolves no name that two players share, and names both", () => {
    fc.assert(
      fc.property(someRows, name, (list, shared) => {
        const others = list.filter((row) => normalizeName(row.name) !== normalizeName(shared));
        const twins = [100, 101].map((playerId) => ({ playerId, name: shared, team: "OKC" }));
        const answer = resolveName(shared, indexRoster([...others, ...twins]), { teams: ["OKC"] });
        if (answer.kind === "resolved") throw new Error(`guessed ${answer.playerId}`);
        const ids = answer.candidates.map(({ playerId }) => playerId);
        expect(ids).toEqual(expect.arrayContaining([100, 101]));
        expect(new Set(answer.candidates.slice(0, 2).map(({ score }) => score)).size).toBe(1);
      }),
    );
  });

  it("gives scores between 0 and 1, the best candidate first", () => {
    fc.assert(
      fc.property(
        someRows,
        fc.oneof(name, fc.string({ unit: "grapheme" })),
        context,
        (list, spelling, known) => {
          const answer = resolveName(spelling, indexRoster(list), known);
          const scores =
            answer.kind === "resolved" ? [answer.score] : answer.candidates.map(({ score }) => score);
          expect(scores).toEqual(scores.toSorted((a, b) => b - a));
          expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
          expect(scores.length).toBe(answer.kind === "resolved" ? 1 : Math.min(5, list.length));
        },
      ),
    );
  });
});
