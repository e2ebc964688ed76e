// The players of a season: who they are, what they can do, and how much their team relies on them.

import type { Player } from "../league.ts";
import { FRANCHISES, type Franchise } from "./franchises.ts";
import { drawName } from "./names.ts";
import { drawFive, drawPhysique, leaningsOf, type Position } from "./physique.ts";
import { type Random, randomOf } from "./random.ts";

/** What a player can do. Shares are of 1; weights are relative to an average player's 1. */
export interface Skill {
  /** Decides minutes: about 3 for a star, 0 at the end of the bench. */
  readonly worth: number;
  /** How often he ends a possession, as a weight. */
  readonly usage: number;
  /** The share of his shots that are threes. */
  readonly threeShare: number;
  readonly twoAccuracy: number;
  readonly threeAccuracy: number;
  readonly freeThrowAccuracy: number;
  /** Subtracted from the opponents' accuracy, in proportion to his time on the floor. */
  readonly defense: number;
  readonly rebounding: number;
  readonly passing: number;
  readonly stealing: number;
  readonly blocking: number;
  readonly fouling: number;
  readonly carelessness: number;
}

export interface SimulatedPlayer extends Omit<Required<Player>, "teamId"> {
  readonly position: Position;
  readonly skill: Skill;
  /** The team he begins the season with. */
  readonly firstTeam: Franchise;
  /** His place in that team's order, 0 being its star. */
  readonly rank: number;
}

const FIRST_PLAYER_ID = 9_000_001;

/** Fifteen to seventeen players for each team. Some teams are better than others, as their players are. */
export function drawPlayers(seed: number, season: string): SimulatedPlayer[] {
  const year = Number(season.slice(0, 4));
  const taken = new Set<string>();
  const league = FRANCHISES.flatMap((team) => {
    const random = randomOf(seed, season, "players", team.tricode);
    const quality = random.normal(0, 1);
    const positions = squadPositions(random);
    const jerseys = random.shuffled(Array.from({ length: 56 }, (_, number) => String(number)));
    return positions.map((position, rank) => {
      const skill = drawSkill(position, rank, quality, random);
      const jersey = jerseys[rank] ?? "00";
      return {
        ...drawName(random, taken),
        ...drawPhysique(position, year, random),
        jersey,
        position,
        skill,
        rank,
        firstTeam: team,
      };
    });
  });
  return league.map((player, index) => ({ playerId: FIRST_PLAYER_ID + index, ...player }));
}

// Every five in the order of the squad have two guards, two forwards and a center, near enough.
function squadPositions(random: Random): Position[] {
  const size = random.between(15, 17);
  const fives = [0, 1, 2, 3].flatMap(() => random.shuffled(drawFive(random)));
  return fives.slice(0, size);
}

function drawSkill(position: Position, rank: number, quality: number, random: Random): Skill {
  const worth = 3 / (1 + rank * 0.32) - 0.55 + random.normal(0, 0.22);
  const { guard, big } = leaningsOf(position);
  // Better teams shoot and defend better; a star takes more shots and makes no fewer of them.
  const edge = quality * 0.017 + Math.max(worth, 0) * 0.004;
  const weight = (mean: number, spread: number) => Math.max(mean + random.normal(0, spread), mean * 0.25);
  return {
    worth,
    usage: weight(0.62 + Math.max(worth, 0) * 0.42, 0.14),
    threeShare: Math.min(Math.max(0.485 + guard * 0.08 - big * 0.32 + random.normal(0, 0.1), 0.01), 0.75),
    twoAccuracy: 0.55 + edge + big * 0.055 - guard * 0.012 + random.normal(0, 0.022),
    threeAccuracy: 0.351 + edge - big * 0.025 + random.normal(0, 0.02),
    freeThrowAccuracy: Math.min(0.785 - big * 0.06 + guard * 0.03 + random.normal(0, 0.05), 0.93),
    defense: quality * 0.014 + random.normal(0, 0.008),
    rebounding: weight(0.85 + big * 1.25 - guard * 0.25, 0.2),
    passing: weight(0.6 + guard * 0.9 - big * 0.15 + Math.max(worth, 0) * 0.4, 0.45),
    stealing: weight(0.9 + guard * 0.25 - big * 0.15, 0.22),
    blocking: weight(0.6 + big * 1.9 - guard * 0.3, 0.2),
    fouling: weight(0.95 + big * 0.4 - Math.max(worth, 0) * 0.06, 0.15),
    carelessness: weight(0.9 + guard * 0.2, 0.15),
  };
}
