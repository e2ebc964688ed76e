// Plays a game, possession by possession, overtime by overtime, until somebody has won.

import { closingFloor, drawStints, type Floor, type Side } from "./floor.ts";
import { type Play, pointsOf } from "./play.ts";
import { playPossession } from "./possession.ts";
import type { Random } from "./random.ts";
import { type Appearance, type Lineup, REGULATION } from "./rotation.ts";

export interface PlayedGame {
  /** In the order of time. */
  readonly plays: readonly Play[];
  readonly overtimes: number;
}

/** Seconds of one overtime. */
export const OVERTIME = 5 * 60;

const POSSESSIONS_EACH = { mean: 99.5, deviation: 3.5 };
const OVERTIME_POSSESSIONS_EACH = { least: 9, most: 11 };
const MOST_OVERTIMES = 4;
const STINTS = 24;
const LATE_SHOT_CHANCE = 0.22;
/** Added to the accuracy of every shot of the home team, and taken from that of the visitors. */
export const HOME_EDGE = 0.0055;
const TIRED_EDGE = -0.006;

/** A whole game with its overtimes; it never ends in a tie. */
export function playGame(lineups: readonly [Lineup, Lineup], random: Random): PlayedGame {
  const playing: Playing = {
    edges: [edgeOf(lineups[0], HOME_EDGE), edgeOf(lineups[1], -HOME_EDGE)],
    fouls: new Map(),
    random,
  };
  const possessions = Math.round(random.normal(POSSESSIONS_EACH.mean, POSSESSIONS_EACH.deviation));
  const plays = playPeriod(playing, possessions, 0, REGULATION, drawStints(lineups, STINTS, random));
  const closing = closingFloor(lineups);
  plays.push(...lateShot(plays, closing, random));

  let overtimes = 0;
  for (; marginOf(plays) === 0 && overtimes < MOST_OVERTIMES; overtimes += 1) {
    const count = random.between(OVERTIME_POSSESSIONS_EACH.least, OVERTIME_POSSESSIONS_EACH.most);
    plays.push(...playPeriod(playing, count, REGULATION + overtimes * OVERTIME, OVERTIME, [closing]));
  }
  if (marginOf(plays) === 0) plays.push(decidingFreeThrow(closing, REGULATION + overtimes * OVERTIME - 1));
  return { plays, overtimes };
}

interface Playing {
  readonly edges: readonly [number, number];
  readonly fouls: Map<Appearance, number>;
  readonly random: Random;
}

// The teams have the ball in turn, at even intervals, with one stint of players after the other.
function playPeriod(
  playing: Playing,
  each: number,
  from: number,
  length: number,
  stints: readonly Floor[],
): Play[] {
  const { random, fouls, edges } = playing;
  const first = random.between(0, 1);
  const plays: Play[] = [];
  for (let at = 0; at < each * 2; at += 1) {
    const side: Side = (first + at) % 2 === 0 ? 0 : 1;
    const second = from + Math.floor(((at + random.next()) / (each * 2)) * length);
    const floor = stints[Math.floor((at / (each * 2)) * stints.length)] ?? [[], []];
    plays.push(...playPossession({ side, moment: { second, floor }, edge: edges[side], fouls, random }));
  }
  return plays;
}

function edgeOf(lineup: Lineup, venue: number): number {
  return venue + (lineup.tired ? TIRED_EDGE : 0);
}

function marginOf(plays: readonly Play[]): number {
  return plays.reduce((sum, play) => sum + (play.side === 0 ? pointsOf(play) : -pointsOf(play)), 0);
}

// Close games are decided late: now and then the team that trails by up to three ties the game.
function lateShot(plays: readonly Play[], floor: Floor, random: Random): Play[] {
  const margin = marginOf(plays);
  const missing = Math.abs(margin);
  if (missing === 0 || missing > 3 || !random.chance(LATE_SHOT_CHANCE)) return [];
  const side: Side = margin < 0 ? 0 : 1;
  const doing = { side, player: random.pick(floor[side]), moment: { second: REGULATION - 1, floor } };
  if (missing === 1) return [{ ...doing, kind: "freeThrows", attempted: 2, made: 1 }];
  const shot = {
    kind: "shot",
    made: true,
    inPaint: false,
    fastBreak: false,
    assist: undefined,
    block: undefined,
  } as const;
  return [{ ...doing, ...shot, worth: missing === 2 ? 2 : 3 }];
}

// Enough overtimes: the home team gets the free throw that ends it.
function decidingFreeThrow(floor: Floor, second: number): Play {
  const [player] = floor[0];
  if (player === undefined) throw new Error("a team without players cannot play");
  return { kind: "freeThrows", side: 0, player, moment: { second, floor }, attempted: 1, made: 1 };
}
