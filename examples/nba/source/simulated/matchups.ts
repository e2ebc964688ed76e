// Who plays whom: 82 rounds in which each of thirty teams plays exactly once, so that no seed can fail to fit.
//
// Two round robins of all teams give every pair two games. Twenty-four more rounds are played inside the
// conferences; as each has an odd number of teams, one of each is left over in every round, and these two play
// each other. So pairs of one conference meet three or four times, the others two to four times.

import type { Random } from "./random.ts";

export interface Matchup<T> {
  readonly home: T;
  readonly away: T;
}

type Pair<T> = readonly [T, T];

const CONFERENCE_ROUNDS = [15, 9];

/** 82 rounds of 15 games; every team plays once a round, 41 times at home, and every other team two to four times. */
export function drawRounds<T>(east: readonly T[], west: readonly T[], random: Random): Matchup<T>[][] {
  const all = [...east, ...west];
  const rounds = [
    ...roundRobin(random.shuffled(all)),
    ...roundRobin(random.shuffled(all)),
    ...CONFERENCE_ROUNDS.flatMap((count) => conferenceRounds(east, west, random).slice(0, count)),
  ];
  return chooseHomes(random.shuffled(rounds), random);
}

// The circle method: the first team stays, the others move on by one place each round.
function roundRobin<T>(teams: readonly T[]): Pair<T>[][] {
  const [fixed, ...circle] = teams;
  if (fixed === undefined) return [];
  return circle.map((_, turn) => {
    const row = [fixed, ...circle.slice(turn), ...circle.slice(0, turn)];
    return row.slice(0, row.length / 2).flatMap((team, at): Pair<T>[] => {
      const opponent = row.at(-1 - at);
      return opponent === undefined ? [] : [[team, opponent]];
    });
  });
}

// A place that nobody holds makes the number even: whoever draws it is left over, and plays the other one.
function conferenceRounds<T>(east: readonly T[], west: readonly T[], random: Random): Pair<T>[][] {
  const westRounds = roundRobin([undefined, ...random.shuffled(west)].map((team) => ({ team })));
  const eastRounds = roundRobin([undefined, ...random.shuffled(east)].map((team) => ({ team })));
  return eastRounds.map((round, at) => {
    const places = [...round, ...(westRounds[at] ?? [])].map((pair) => pair.map((place) => place.team));
    const full = places.filter((pair): pair is [T, T] => !pair.includes(undefined));
    const [first, second] = places
      .filter((pair) => pair.includes(undefined))
      .flat()
      .filter((team) => team !== undefined);
    return first === undefined || second === undefined ? full : [...full, [first, second]];
  });
}

// Each pair shares its games evenly; where their number is odd, the last one goes by a round trip (see below).
function chooseHomes<T>(rounds: readonly Pair<T>[][], random: Random): Matchup<T>[][] {
  const meetings = new Map<T, Map<T, number>>();
  for (const [a, b] of rounds.flat()) {
    countMeeting(meetings, a, b);
    countMeeting(meetings, b, a);
  }
  const extraHome = orientRoundTrips(meetings);
  const homesLeft = new Map<T, Map<T, T[]>>();
  return rounds.map((round) =>
    round.map(([a, b]): Matchup<T> => {
      const known = homesLeft.get(a)?.get(b) ?? homesLeft.get(b)?.get(a);
      const left = known ?? random.shuffled(homesOf(a, b, meetings.get(a)?.get(b) ?? 0, extraHome));
      if (known === undefined) homesLeft.set(a, (homesLeft.get(a) ?? new Map()).set(b, left));
      return left.pop() === a ? { home: a, away: b } : { home: b, away: a };
    }),
  );
}

function countMeeting<T>(meetings: Map<T, Map<T, number>>, of: T, with_: T): void {
  const row = meetings.get(of) ?? new Map<T, number>();
  meetings.set(of, row.set(with_, (row.get(with_) ?? 0) + 1));
}

function homesOf<T>(a: T, b: T, games: number, extraHome: Map<T, Set<T>>): T[] {
  const homes: T[] = [];
  for (let game = 1; game < games; game += 2) homes.push(a, b);
  if (games % 2 === 1) homes.push(extraHome.get(a)?.has(b) ? a : b);
  return homes;
}

/**
 * For each team, the opponents whom it has at home once more than away. Every team has an even number of odd
 * pairings (82 is even), so walks along them always end where they began, and each one leaves as often as it enters.
 */
function orientRoundTrips<T>(meetings: Map<T, Map<T, number>>): Map<T, Set<T>> {
  const open = new Map(
    [...meetings].map(([team, row]) => [team, new Set([...row].filter(([, n]) => n % 2).map(([t]) => t))]),
  );
  const home = new Map<T, Set<T>>();
  for (const start of open.keys()) {
    let team = start;
    for (let next = firstOf(open.get(team)); next !== undefined; next = firstOf(open.get(team))) {
      open.get(team)?.delete(next);
      open.get(next)?.delete(team);
      home.set(team, (home.get(team) ?? new Set()).add(next));
      team = next;
    }
  }
  return home;
}

function firstOf<T>(items: Set<T> | undefined): T | undefined {
  return items?.values().next().value;
}
