// Adds up what each player of a team did in a game.

import type { PlayerLine } from "../box-score.ts";
import { closersOf, type Side } from "./floor.ts";
import { type Play, pointsOf } from "./play.ts";
import { OVERTIME, type PlayedGame } from "./play-game.ts";
import type { Appearance, Lineup } from "./rotation.ts";

/** What is counted for a player; percentages and points follow from it. */
interface Counts {
  offensive: number;
  defensive: number;
  assists: number;
  steals: number;
  blocks: number;
  turnovers: number;
  fouls: number;
  twosMade: number;
  twosMissed: number;
  threesMade: number;
  threesMissed: number;
  freeThrowsMade: number;
  freeThrowsMissed: number;
  plusMinus: number;
}

/** One line for each player of the lineup, in its order. */
export function tallyLines(lineup: Lineup, side: Side, { plays, overtimes }: PlayedGame): PlayerLine[] {
  const counts = new Map(lineup.appearances.map((one) => [one, noCounts()]));
  for (const play of plays) {
    count(play, counts);
    const points = play.side === side ? pointsOf(play) : -pointsOf(play);
    if (points !== 0) for (const one of play.moment.floor[side]) add(counts, one, "plusMinus", points);
  }
  const closers = new Set(closersOf(lineup));
  return lineup.appearances.map((one) => {
    const seconds = one.seconds + (closers.has(one) ? overtimes * OVERTIME : 0);
    return lineOf(lineup, one, seconds, counts.get(one) ?? noCounts());
  });
}

/** Made of attempted, to three places; 0 when nothing was attempted. */
export function percentage(made: number, attempted: number): number {
  return attempted === 0 ? 0 : Math.round((made / attempted) * 1000) / 1000;
}

function noCounts(): Counts {
  return {
    offensive: 0,
    defensive: 0,
    assists: 0,
    steals: 0,
    blocks: 0,
    turnovers: 0,
    fouls: 0,
    twosMade: 0,
    twosMissed: 0,
    threesMade: 0,
    threesMissed: 0,
    freeThrowsMade: 0,
    freeThrowsMissed: 0,
    plusMinus: 0,
  };
}

// Players of the other team have no counts here, so that what they did passes by.
function count(play: Play, counts: Map<Appearance, Counts>): void {
  switch (play.kind) {
    case "shot":
      add(counts, play.player, shotField(play.worth, play.made), 1);
      if (play.assist) add(counts, play.assist, "assists", 1);
      if (play.block) add(counts, play.block, "blocks", 1);
      break;
    case "freeThrows":
      add(counts, play.player, "freeThrowsMade", play.made);
      add(counts, play.player, "freeThrowsMissed", play.attempted - play.made);
      break;
    case "rebound":
      add(counts, play.player, play.offensive ? "offensive" : "defensive", 1);
      break;
    case "turnover":
      add(counts, play.player, "turnovers", 1);
      if (play.steal) add(counts, play.steal, "steals", 1);
      break;
    case "foul":
      add(counts, play.player, "fouls", 1);
  }
}

function shotField(worth: 2 | 3, made: boolean): keyof Counts {
  if (worth === 3) return made ? "threesMade" : "threesMissed";
  return made ? "twosMade" : "twosMissed";
}

function add(counts: Map<Appearance, Counts>, one: Appearance, field: keyof Counts, amount: number): void {
  const own = counts.get(one);
  if (own !== undefined) own[field] += amount;
}

function lineOf({ team }: Lineup, { player, start }: Appearance, seconds: number, own: Counts): PlayerLine {
  const made = own.twosMade + own.threesMade;
  const attempted = made + own.twosMissed + own.threesMissed;
  const threesAttempted = own.threesMade + own.threesMissed;
  const freeThrowsAttempted = own.freeThrowsMade + own.freeThrowsMissed;
  return {
    personId: player.playerId,
    name: player.name,
    teamId: team.teamId,
    tricode: team.tricode,
    position: start,
    minutes: `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`,
    points: 2 * own.twosMade + 3 * own.threesMade + own.freeThrowsMade,
    reboundsTotal: own.offensive + own.defensive,
    reboundsOffensive: own.offensive,
    reboundsDefensive: own.defensive,
    assists: own.assists,
    steals: own.steals,
    blocks: own.blocks,
    turnovers: own.turnovers,
    foulsPersonal: own.fouls,
    fieldGoalsMade: made,
    fieldGoalsAttempted: attempted,
    fieldGoalsPercentage: percentage(made, attempted),
    threePointersMade: own.threesMade,
    threePointersAttempted: threesAttempted,
    threePointersPercentage: percentage(own.threesMade, threesAttempted),
    freeThrowsMade: own.freeThrowsMade,
    freeThrowsAttempted,
    freeThrowsPercentage: percentage(own.freeThrowsMade, freeThrowsAttempted),
    plusMinusPoints: own.plusMinus,
  };
}
