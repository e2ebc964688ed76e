import { eachDay } from "headworks-example-kit/days.ts";
import { describe, expect, it } from "vitest";
import type { PropLine } from "../prop-line.ts";
import { drawBookmakers, type SpellingHabits } from "./bookmakers.ts";
import { availableOn, expectationsOf } from "./expectation.ts";
import { americanOdds, propLinesOf, spellingOf } from "./prop-lines.ts";
import { randomOf } from "./random.ts";
import { spell } from "./spelling.ts";
import { drawWorld } from "./world.ts";

const DAY = "2026-01-14";
const world = drawWorld(9, "2025-26");
const bookmakers = drawBookmakers(9, "2025-26");
const linesOn = propLinesOf(world);
const lines = eachDay("2026-01-12", "2026-01-18").flatMap(linesOn);
const fixtures = world.fixtures.filter(({ date }) => date === DAY);
const keyOf = ({ playerName, eventId, bookmaker }: PropLine) => `${bookmaker} ${eventId} ${playerName}`;

/** Who can be meant by the lines of the day, by bookmaker and spelling, with what is expected of him. */
const meant = new Map(
  fixtures
    .flatMap((fixture) => expectationsOf(fixture, availableOn(world, DAY)))
    .flatMap(({ player, team, pra }) =>
      bookmakers.map(
        (one) => [`${one.name} ${spellingOf(player, team, one, world)}`, { player, pra }] as const,
      ),
    ),
);

describe("the lines of a day", () => {
  it("come from six to ten bookmakers, who know all the games", () => {
    const names = new Set(lines.map(({ bookmaker }) => bookmaker));
    expect(names).toEqual(new Set(bookmakers.map(({ name }) => name)));
    expect(names.size).toBeGreaterThanOrEqual(6);
    expect(names.size).toBeLessThanOrEqual(10);
    const hosts = new Set(linesOn(DAY).map(({ homeTeam }) => homeTeam));
    expect(hosts).toEqual(new Set(fixtures.map(({ home }) => home.name)));
    expect(linesOn("2025-11-27")).toEqual([]);
  });

  it("are on players of the two teams, half a point off a whole number, near what they can do", () => {
    const off = linesOn(DAY).map(({ bookmaker, playerName, line }) => {
      const known = meant.get(`${bookmaker} ${playerName}`);
      expect(line % 1).toBe(0.5);
      return Math.abs(line - (known?.pra ?? Number.NaN));
    });
    expect(off.length).toBeGreaterThan(200);
    expect(Math.max(...off)).toBeLessThan(9);
    expect(off.reduce((sum, one) => sum + one, 0) / off.length).toBeLessThan(2);
  });

  it("are not on anybody who has been hurt for days", () => {
    const hurt = linesOn(DAY).filter(({ bookmaker, playerName }) => {
      const player = meant.get(`${bookmaker} ${playerName}`)?.player;
      return player === undefined || (world.isOut(player, "2026-01-13") && world.isOut(player, DAY));
    });
    expect(hurt).toEqual([]);
  });

  it("were offered before the game began, at American odds that leave something to the bookmaker", () => {
    const starts = new Map(fixtures.map(({ home, startsAtUtc }) => [home.name, startsAtUtc]));
    for (const { homeTeam, timestamp } of linesOn(DAY))
      expect(timestamp < (starts.get(homeTeam) ?? "")).toBe(true);
    const implied = (odds: number) => (odds < 0 ? odds / (odds - 100) : 100 / (odds + 100));
    for (const { overPrice, underPrice } of lines) {
      for (const price of [overPrice, underPrice])
        if (price !== null) expect(Number.isInteger(price) && Math.abs(price) >= 100).toBe(true);
      if (overPrice !== null && underPrice !== null)
        expect(implied(overPrice) + implied(underPrice)).toBeGreaterThan(1);
    }
  });

  it("lack a price here and there, and come twice now and then", () => {
    const missing = lines.filter(({ overPrice, underPrice }) => overPrice === null || underPrice === null);
    const twice = lines.length - new Set(lines.map(keyOf)).size;
    for (const few of [missing.length, twice]) {
      expect(few).toBeGreaterThan(0);
      expect(few).toBeLessThan(lines.length * 0.05);
    }
  });

  it("are the same for the same seed, whatever was asked before", () => {
    expect(propLinesOf(drawWorld(9, "2025-26"))(DAY)).toEqual(linesOn(DAY));
    expect(propLinesOf(drawWorld(8, "2025-26"))(DAY)).not.toEqual(linesOn(DAY));
  });
});

describe("American odds", () => {
  it.each([
    [0.5, 1, 100],
    [0.535, 5, -115],
    [0.6, 1, -150],
    [0.4, 5, 150],
  ])("of a probability of %d in steps of %i are %i", (probability, step, odds) => {
    expect(americanOdds(probability, step)).toBe(odds);
  });
});

describe("a bookmaker's spelling", () => {
  const none: SpellingHabits = {
    dropsAccents: 0,
    dropsSuffixes: 0,
    dropsDots: 0,
    initials: 0,
    teamHints: 0,
    lastFirst: 0,
    doubleSpaces: 0,
    curlyApostrophes: 0,
  };

  it.each([
    ["Boško Čolić", { dropsAccents: 1 }, "Bosko Colic"],
    ["Søren Đurić", { dropsAccents: 1 }, "Soren Duric"],
    ["Earl Tolliver III", { dropsSuffixes: 1 }, "Earl Tolliver"],
    ["T.P. Sealy Jr.", { dropsDots: 1 }, "TP Sealy Jr"],
    ["Andre Alston IV", { initials: 1 }, "A. Alston IV"],
    ["Álvaro De la Vega", { initials: 1, dropsAccents: 1 }, "A. De la Vega"],
    ["Earl Barrow", { lastFirst: 1 }, "Barrow, Earl"],
    ["Earl Barrow Jr.", { teamHints: 1 }, "Earl Barrow Jr. (BOS)"],
    ["Earl Barrow", { doubleSpaces: 1 }, "Earl  Barrow"],
    ["De'Shawn O'Bryant", { curlyApostrophes: 1 }, "De’Shawn O’Bryant"],
    ["Saša Ilić", {}, "Saša Ilić"],
  ])("writes %s with %j as %s", (name, habits, spelled) => {
    expect(spell(name, "BOS", { ...none, ...habits }, randomOf("any"))).toBe(spelled);
  });

  it("makes most names of a season harder for somebody", () => {
    const known = new Set(world.players.map(({ name }) => name));
    const strange = new Set(lines.map(({ playerName }) => playerName).filter((name) => !known.has(name)));
    for (const form of [/^[A-Z]\. /, / {2}/, /\([A-Z]{3}\)$/, /, /, /’/, / Jr$/])
      expect(
        [...strange].some((name) => form.test(name)),
        String(form),
      ).toBe(true);
  });
});
