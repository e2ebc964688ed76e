import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readCsv } from "../source/csv.ts";
import { readAliases } from "./aliases.ts";
import {
  type RecordedLine,
  recordedLines,
  recordedPredictions,
  recordedRoster,
} from "./recorded-season.fixture.ts";
import { type Resolution, resolveName } from "./resolve.ts";
import { indexRoster } from "./roster.ts";

const lines = recordedLines();
const predictions = recordedPredictions();
const rows = recordedRoster(lines, predictions);
const aliases = readAliases();
const roster = indexRoster(rows, aliases);
const ids = new Map(predictions.map(({ PLAYER_NAME, PLAYER_ID }) => [PLAYER_NAME, PLAYER_ID]));
const contextOf = (line: RecordedLine) => ({
  teams: [line.home_team, line.away_team],
  date: line.event_date,
});

const answers = lines.map((line) => ({
  line,
  answer: resolveName(line.player_name, roster, contextOf(line)),
}));
const spellings = Map.groupBy(answers, ({ line }) => line.player_name);

const isResolved = (answer: Resolution) => answer.kind === "resolved";
const countOf = (kind: Resolution["kind"]) => answers.filter(({ answer }) => answer.kind === kind).length;

describe("the names of the 29,592 recorded lines", () => {
  it("are each resolved, or unresolved with five candidates", () => {
    expect(answers).toHaveLength(29_592);
    expect([countOf("resolved"), countOf("unresolved")]).toEqual([29_582, 10]);
    const methods = Map.groupBy(answers, ({ answer }) => (isResolved(answer) ? answer.method : answer.kind));
    expect(Object.fromEntries([...methods].map(([method, found]) => [method, found.length]))).toEqual({
      exact: 26_348,
      normalized: 2_723,
      shortened: 353,
      alias: 107,
      reordered: 36,
      similar: 15,
      unresolved: 10,
    });
    for (const { answer } of answers) {
      if (answer.kind === "unresolved") expect(answer.candidates).toHaveLength(5);
    }
  });

  it.each([
    ["Barstool Sportsbook", 135, 0],
    ["BetMGM", 4_423, 8],
    ["BetOnline.ag", 4_809, 2],
    ["BetRivers", 1_918, 0],
    ["Bovada", 2_639, 0],
    ["Caesars", 4_586, 0],
    ["DraftKings", 3_516, 0],
    ["FanDuel", 2_353, 0],
    ["PointsBet (US)", 3_290, 0],
    ["Unibet", 1_923, 0],
  ])("of %s: %d, of which at most %d are unresolved", (bookmaker, total, most) => {
    const its = answers.filter(({ line }) => line.bookmaker === bookmaker);
    expect(its).toHaveLength(total);
    expect(its.filter(({ answer }) => !isResolved(answer)).length).toBeLessThanOrEqual(most);
  });

  it("are unresolved where even a person could not tell, or the player is not in the statistics", () => {
    const unresolved = answers.filter(({ answer }) => !isResolved(answer));
    const which = Map.groupBy(unresolved, ({ line }) => line.player_name);
    expect(Object.fromEntries([...which].map(([name, its]) => [name, its.length]))).toEqual({
      // Caleb in Miami and Cody in Charlotte; Jalen and Jeff in Houston; Trae in Atlanta and Thaddeus in Toronto.
      "C. Martin": 1,
      "J. Green": 4,
      "T. Young": 1,
      // Traded before the first game that the statistics have of him.
      "R. Covington": 1,
      // No game in the statistics.
      "Kobi Simmons": 1,
      "Timmy Allen": 2,
    });
  });

  it("have the right player among the candidates of a tie", () => {
    const tie = answers.find(({ line }) => line.player_name === "T. Young")?.answer;
    if (tie?.kind !== "unresolved") throw new Error("T. Young is not a tie");
    expect(tie.candidates.slice(0, 2).map(({ name }) => name)).toEqual(["Thaddeus Young", "Trae Young"]);
  });
});

describe("each of the 137 spellings that are not the player's name", () => {
  const known = readCsv(
    join(import.meta.dirname, "recorded-spellings.csv"),
    z.object({ spelling: z.string(), player: z.string() }),
  );

  it("is in the list", () => {
    const resolved = answers.filter(({ answer }) => isResolved(answer) && answer.method !== "exact");
    expect(new Set(resolved.map(({ line }) => line.player_name))).toEqual(
      new Set(known.map(({ spelling }) => spelling)),
    );
  });

  it.each(known)("$spelling is $player", ({ spelling, player }) => {
    for (const { answer } of spellings.get(spelling) ?? []) {
      // The same spelling may be beyond telling in another game.
      if (answer.kind === "resolved") expect(answer.playerId).toBe(ids.get(player));
    }
  });
});

describe("with the right player missing from the roster", () => {
  const without = (...names: string[]) =>
    indexRoster(
      rows.filter((row) => !names.includes(row.name)),
      aliases,
    );

  it.each([
    ["Nikola Jokic", "Nikola Jokić", "Nikola Jović"],
    ["Nikola Jovic", "Nikola Jović", "Nikola Jokić"],
    ["Bogdan Bogdanovic", "Bogdan Bogdanović", "Bojan Bogdanovic"],
    ["Bojan Bogdanovich", "Bojan Bogdanovic", "Bogdan Bogdanović"],
    ["Jaylin Williams", "Jaylin Williams", "Jalen Williams"],
    ["Jalen Williams", "Jalen Williams", "Jaylin Williams"],
    ["Jaden McDaniels", "Jaden McDaniels", "Jalen McDaniels"],
    ["Amen Thompson", "Amen Thompson", "Ausar Thompson"],
    ["Keegan Murray", "Keegan Murray", "Kris Murray"],
    ["Mil. Bridges", "Miles Bridges", "Mikal Bridges"],
    ["Moe Wagner", "Moritz Wagner", "Franz Wagner"],
    ["Obadiah Toppin", "Obi Toppin", "Jacob Toppin"],
    ["D. Jones Jr.", "Derrick Jones Jr.", "Damian Jones"],
    ["Morris Marcus", "Marcus Morris Sr.", "Markieff Morris"],
    ["Seth Curry", "Seth Curry", "Stephen Curry"],
    ["Mouhamed Gueye", "Mouhamed Gueye", "Mouhamadou Gueye"],
  ])("%s is not joined to a false friend", (spelling, right, friend) => {
    expect([ids.has(right), ids.has(friend)]).toEqual([true, true]);
    expect(resolveName(spelling, without(right)).kind).toBe("unresolved");
  });

  it("no spelling of any player is joined to anybody, with or without the teams", () => {
    const players = Map.groupBy(answers, ({ answer }) => (isResolved(answer) ? answer.playerId : undefined));
    const joined: string[] = [];
    for (const [playerId, its] of players) {
      if (playerId === undefined) continue;
      const others = indexRoster(
        rows.filter((row) => row.playerId !== playerId),
        aliases,
      );
      for (const { line } of new Map(its.map((it) => [it.line.player_name, it])).values()) {
        const either = [contextOf(line), {}].map((context) => resolveName(line.player_name, others, context));
        if (either.some(isResolved)) joined.push(line.player_name);
      }
    }
    expect(joined).toEqual([]);
  });
});
