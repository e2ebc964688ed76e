// One possession: a turnover, free throws or a shot, its rebound, and perhaps another try.

import { otherSide, type Side } from "./floor.ts";
import type { FreeThrows, Moment, Play, Rebound, Shot } from "./play.ts";
import type { Skill } from "./players.ts";
import type { Random } from "./random.ts";
import type { Appearance } from "./rotation.ts";

export interface Possession {
  readonly side: Side;
  readonly moment: Moment;
  /** Added to the accuracy of every shot: the venue, and tired legs. */
  readonly edge: number;
  /** Personal fouls so far; those of this possession are added. */
  readonly fouls: Map<Appearance, number>;
  readonly random: Random;
}

// How often things happen in the real league, near enough.
const TURNOVER = 0.128;
const SHOOTING_FOUL = 0.084;
const OTHER_FOUL = 0.075;
const AND_ONE = 0.045;
const STOLEN = 0.59;
const ASSISTED = 0.63;
const BLOCKED = 0.2;
const IN_PAINT = 0.82;
const FAST_BREAK = 0.24;
const OFFENSIVE_REBOUND = { shot: 0.252, freeThrow: 0.12 };
const MOST_FOULS = 6;
const MOST_TRIES = 5;

/** What happens in one possession, in order. */
export function playPossession(possession: Possession): Play[] {
  const plays: Play[] = possession.random.chance(OTHER_FOUL) ? drawFoul(possession) : [];
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    plays.push(...drawAttempt(possession));
    const last = plays.at(-1);
    if (last?.kind !== "rebound" || !last.offensive) break;
  }
  return plays;
}

function drawAttempt(possession: Possession): Play[] {
  const fate = possession.random.next();
  if (fate < TURNOVER) return [drawTurnover(possession)];
  if (fate < TURNOVER + SHOOTING_FOUL)
    return drawFreeThrows(possession, someone(possession, possession.side, usage), 2);
  const shot = drawShot(possession);
  if (!shot.made) return [shot, drawRebound(possession, OFFENSIVE_REBOUND.shot)];
  return possession.random.chance(AND_ONE) ? [shot, ...drawFreeThrows(possession, shot.player, 1)] : [shot];
}

function drawShot(possession: Possession): Shot {
  const { side, random, moment } = possession;
  const player = someone(possession, side, usage);
  const worth = random.chance(player.player.skill.threeShare) ? 3 : 2;
  const made = random.chance(
    accuracyOf(player.player.skill, worth) + possession.edge - defenseOf(possession),
  );
  const assisted = made && random.chance(ASSISTED);
  const blocked = !made && worth === 2 && random.chance(BLOCKED);
  const inPaint = worth === 2 && random.chance(IN_PAINT);
  return {
    kind: "shot",
    side,
    player,
    moment,
    worth,
    made,
    inPaint,
    fastBreak: inPaint && random.chance(FAST_BREAK),
    assist: assisted ? someone(possession, side, (one) => (one === player ? 0 : passing(one))) : undefined,
    block: blocked ? someone(possession, otherSide(side), blocking) : undefined,
  };
}

function drawFreeThrows(possession: Possession, player: Appearance, attempted: number): Play[] {
  const { side, random, moment } = possession;
  const scored = Array.from({ length: attempted }, () =>
    random.chance(player.player.skill.freeThrowAccuracy),
  );
  const made = scored.filter(Boolean).length;
  const throws: FreeThrows = { kind: "freeThrows", side, player, moment, attempted, made };
  const rebound = scored.at(-1) ? [] : [drawRebound(possession, OFFENSIVE_REBOUND.freeThrow)];
  return [...drawFoul(possession), throws, ...rebound];
}

function drawTurnover(possession: Possession): Play {
  const { side, random, moment } = possession;
  const player = someone(possession, side, carelessness);
  const steal = random.chance(STOLEN) ? someone(possession, otherSide(side), stealing) : undefined;
  return { kind: "turnover", side, player, moment, steal };
}

function drawRebound(possession: Possession, offensiveChance: number): Rebound {
  const offensive = possession.random.chance(offensiveChance);
  const side = offensive ? possession.side : otherSide(possession.side);
  const player = someone(possession, side, rebounding);
  return { kind: "rebound", side, player, moment: possession.moment, offensive };
}

// A defender's foul, unless all five have as many as are allowed.
function drawFoul({ side, moment, fouls, random }: Possession): Play[] {
  const defending = otherSide(side);
  const allowed = moment.floor[defending].filter((one) => (fouls.get(one) ?? 0) < MOST_FOULS);
  if (allowed.length === 0) return [];
  const player = random.weighted(allowed, fouling);
  fouls.set(player, (fouls.get(player) ?? 0) + 1);
  return [{ kind: "foul", side: defending, player, moment }];
}

function someone({ moment, random }: Possession, side: Side, by: (one: Appearance) => number): Appearance {
  return random.weighted(moment.floor[side], by);
}

const usage = (one: Appearance) => one.player.skill.usage;
const passing = (one: Appearance) => one.player.skill.passing;
const rebounding = (one: Appearance) => one.player.skill.rebounding;
const stealing = (one: Appearance) => one.player.skill.stealing;
const blocking = (one: Appearance) => one.player.skill.blocking;
const fouling = (one: Appearance) => one.player.skill.fouling;
const carelessness = (one: Appearance) => one.player.skill.carelessness;

function accuracyOf(skill: Skill, worth: 2 | 3): number {
  return worth === 3 ? skill.threeAccuracy : skill.twoAccuracy;
}

function defenseOf({ moment, side }: Possession): number {
  const five = moment.floor[otherSide(side)];
  return five.reduce((sum, one) => sum + one.player.skill.defense, 0) / five.length;
}
