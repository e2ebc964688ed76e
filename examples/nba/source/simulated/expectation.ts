// What a player can be expected to do in a game before it is played: what those who know him well would say.

import { addDays } from "headworks-example-kit/days.ts";
import type { Franchise } from "./franchises.ts";
import { HOME_EDGE } from "./play-game.ts";
import type { SimulatedPlayer, Skill } from "./players.ts";
import { MINUTES, REGULATION } from "./rotation.ts";
import type { Fixture } from "./schedule.ts";
import type { World } from "./world.ts";

/** A player's mean of points, rebounds and assists together. */
export interface Expectation {
  readonly player: SimulatedPlayer;
  readonly team: Franchise;
  readonly pra: number;
}

// What a team comes to in a game of regulation time, near enough; what each player does is a share of it.
const SHOTS = 91;
const SHOOTING_FOULS = 10.4;
const REBOUNDS = 48;
const ASSISTED = 0.63;
const FEWEST_PLAYERS = 9;
const GAME_MINUTES = REGULATION / 60;

/** The expectations of a game for everybody who was thought able to play it on its morning. */
export function expectationsOf(
  fixture: Fixture,
  available: (team: Franchise) => readonly SimulatedPlayer[],
): Expectation[] {
  const home = squadOf(fixture.home, available);
  const away = squadOf(fixture.away, available);
  return [...expect(home, HOME_EDGE - defenseOf(away)), ...expect(away, -HOME_EDGE - defenseOf(home))];
}

/** Who is thought able to play on a day's morning: not those who are hurt, unless they get hurt only that day. */
export function availableOn({ rosters, isOut }: World, day: string): (team: Franchise) => SimulatedPlayer[] {
  const yesterday = addDays(day, -1);
  return (team) => rosters.on(team, day).filter((player) => !isOut(player, day) || !isOut(player, yesterday));
}

interface Squad {
  readonly team: Franchise;
  readonly members: readonly { readonly player: SimulatedPlayer; readonly minutes: number }[];
}

function squadOf(team: Franchise, available: (team: Franchise) => readonly SimulatedPlayer[]): Squad {
  const best = [...available(team)].sort((a, b) => b.skill.worth - a.skill.worth);
  const members = best.slice(0, MINUTES.length).map((player, rank) => ({ player, minutes: minutesOf(rank) }));
  return { team, members };
}

// From nine to eleven players share the minutes, each number as likely.
function minutesOf(rank: number): number {
  const sizes = MINUTES.map((_, at) => at + 1).filter((size) => size >= FEWEST_PLAYERS);
  const shares = sizes.map((size) => {
    const total = MINUTES.slice(0, size).reduce((sum, minutes) => sum + minutes, 0);
    return rank < size ? ((MINUTES[rank] ?? 0) / total) * 5 * GAME_MINUTES : 0;
  });
  return shares.reduce((sum, minutes) => sum + minutes, 0) / sizes.length;
}

function expect(squad: Squad, edge: number): Expectation[] {
  const usage = shareOf(squad, (skill) => skill.usage);
  const rebounding = shareOf(squad, (skill) => skill.rebounding);
  const passing = shareOf(squad, (skill) => skill.passing);
  const made = SHOTS * average(squad, (skill) => madeShare(skill, edge));
  return squad.members.map(({ player, minutes }) => {
    const onFloor = minutes / GAME_MINUTES;
    const points =
      usage(player) *
      (SHOTS * pointsPerShot(player.skill, edge) + SHOOTING_FOULS * 2 * player.skill.freeThrowAccuracy);
    const others = rebounding(player) * REBOUNDS + passing(player) * ASSISTED * made;
    return { player, team: squad.team, pra: onFloor * (points + others) };
  });
}

// The share of what the five on the floor do that is his: he among four average teammates.
function shareOf(squad: Squad, by: (skill: Skill) => number): (player: SimulatedPlayer) => number {
  const usual = average(squad, by);
  return ({ skill }) => by(skill) / (by(skill) + 4 * usual);
}

function madeShare({ threeShare, threeAccuracy, twoAccuracy }: Skill, edge: number): number {
  return threeShare * (threeAccuracy + edge) + (1 - threeShare) * (twoAccuracy + edge);
}

function pointsPerShot({ threeShare, threeAccuracy, twoAccuracy }: Skill, edge: number): number {
  return 3 * threeShare * (threeAccuracy + edge) + 2 * (1 - threeShare) * (twoAccuracy + edge);
}

function defenseOf(squad: Squad): number {
  return average(squad, (skill) => skill.defense);
}

// Of the squad, each by his minutes.
function average({ members }: Squad, by: (skill: Skill) => number): number {
  const total = members.reduce((sum, { minutes }) => sum + minutes, 0);
  return members.reduce((sum, { player, minutes }) => sum + by(player.skill) * minutes, 0) / total;
}
