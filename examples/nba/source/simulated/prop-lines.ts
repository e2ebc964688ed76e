// The lines of a day: what every bookmaker offers on the players of every game, as such feeds really come:
// in no order, with a price missing here and there, and with a few lines twice.

import { createHash } from "node:crypto";
import type { PropLine } from "../prop-line.ts";
import { type Bookmaker, drawBookmakers } from "./bookmakers.ts";
import { availableOn, type Expectation, expectationsOf } from "./expectation.ts";
import type { Franchise } from "./franchises.ts";
import type { SimulatedPlayer } from "./players.ts";
import { type Random, randomOf } from "./random.ts";
import type { Fixture } from "./schedule.ts";
import { spell } from "./spelling.ts";
import type { World } from "./world.ts";

/** Nobody offers a line on a player who is expected to do less. */
const LEAST_PRA = 10.5;
const SKIPPED_GAME = 0.08;
const MISSING_PRICE = 0.008;
const DUPLICATE = 0.02;
const EARLIER_LINE = 0.35;
const MINUTES_BEFORE_START = { least: 4, most: 95 };
/** How far what everybody knows is from the truth, in points, rebounds and assists. */
const COMMON_NOISE = 1.1;

/** Answers the lines of a day. */
export function propLinesOf(world: World): (date: string) => PropLine[] {
  const bookmakers = drawBookmakers(world.seed, world.calendar.season);
  const fixturesOn = Map.groupBy(world.fixtures, ({ date }) => date);
  return (date) => {
    const lines = (fixturesOn.get(date) ?? []).flatMap((fixture) => linesOf(fixture, world, bookmakers));
    return randomOf(world.seed, world.calendar.season, "lines", date).shuffled(lines);
  };
}

function linesOf(fixture: Fixture, world: World, bookmakers: readonly Bookmaker[]): PropLine[] {
  const labels = [world.seed, world.calendar.season, "lines", fixture.gameId];
  const common = randomOf(...labels);
  const known = expectationsOf(fixture, availableOn(world, fixture.date))
    .filter(({ pra }) => pra >= LEAST_PRA)
    .map((expectation) => ({ ...expectation, pra: expectation.pra + common.normal(0, COMMON_NOISE) }));
  const eventId = createHash("sha256").update(labels.join(" ")).digest("hex").slice(0, 32);
  return bookmakers.flatMap((bookmaker) => {
    const random = randomOf(...labels, bookmaker.name);
    if (random.chance(SKIPPED_GAME)) return [];
    const before = random.between(MINUTES_BEFORE_START.least * 60, MINUTES_BEFORE_START.most * 60);
    const offer = { fixture, eventId, bookmaker, timestamp: instantBefore(fixture.startsAtUtc, before) };
    return known
      .filter(() => random.chance(bookmaker.reach))
      .flatMap((expectation) => twiceAtTimes(drawLine(offer, expectation, world, random), fixture, random));
  });
}

interface Offer {
  readonly fixture: Fixture;
  readonly eventId: string;
  readonly bookmaker: Bookmaker;
  readonly timestamp: string;
}

function drawLine(
  { fixture, eventId, bookmaker, timestamp }: Offer,
  { player, team, pra }: Expectation,
  world: World,
  random: Random,
): PropLine {
  const wanted = pra + bookmaker.bias + random.normal(0, bookmaker.noise);
  const line = Math.max(Math.floor(wanted), 1) + 0.5;
  // The nearest half is a little off what is wanted: the prices make up for it.
  const over = Math.min(Math.max(0.5 + (wanted - line) * 0.045 + random.normal(0, 0.012), 0.35), 0.65);
  const price = (probability: number) =>
    random.chance(MISSING_PRICE)
      ? null
      : americanOdds(probability * (1 + bookmaker.margin), bookmaker.priceStep);
  return {
    playerName: spellingOf(player, team, bookmaker, world),
    eventId,
    eventDate: fixture.date,
    homeTeam: fixture.home.name,
    awayTeam: fixture.away.name,
    bookmaker: bookmaker.name,
    line,
    timestamp,
    overPrice: price(over),
    underPrice: price(1 - over),
  };
}

/** How a bookmaker writes a player's name: the same all season, but for the hint at the team, where there is one. */
export function spellingOf(
  { name, playerId }: SimulatedPlayer,
  { tricode }: Franchise,
  bookmaker: Bookmaker,
  { seed, calendar }: World,
): string {
  const random = randomOf(seed, calendar.season, "spelling", bookmaker.name, playerId);
  return spell(name, tricode, bookmaker.spelling, random);
}

// Once more as it was, or as it had been half an hour before.
function twiceAtTimes(line: PropLine, { startsAtUtc }: Fixture, random: Random): PropLine[] {
  if (!random.chance(DUPLICATE)) return [line];
  if (!random.chance(EARLIER_LINE)) return [line, line];
  const minutes = MINUTES_BEFORE_START.most + random.between(1, 30);
  const earlier = {
    line: line.line + random.pick([-1, 1]),
    timestamp: instantBefore(startsAtUtc, minutes * 60),
  };
  return [line, { ...line, ...earlier }];
}

/** The American odds of a probability between 0 and 1, to the step: `-115` above a half, `105` below. */
export function americanOdds(probability: number, step: number): number {
  const exact =
    probability >= 0.5 ? (-100 * probability) / (1 - probability) : (100 * (1 - probability)) / probability;
  const rounded = Math.round(exact / step) * step;
  return Math.abs(rounded) <= 100 ? 100 : rounded;
}

function instantBefore(instant: string, seconds: number): string {
  return new Date(Date.parse(instant) - seconds * 1000).toISOString().replace(".000Z", "Z");
}
