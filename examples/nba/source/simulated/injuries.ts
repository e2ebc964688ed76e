// Who is hurt and for how long; never so many of a team at once that it could not play.

import { addDays, eachDay } from "headworks-example-kit/days.ts";
import type { SeasonCalendar } from "./calendar.ts";
import type { SimulatedPlayer } from "./players.ts";
import type { Random } from "./random.ts";
import type { Rosters } from "./rosters.ts";

/** Of fifteen players at least, this leaves ten to play. */
const MOST_OUT_AT_ONCE = 5;

export interface Injury {
  readonly player: SimulatedPlayer;
  /** The first and the last day on which he does not play. */
  readonly from: string;
  readonly to: string;
}

/** About 1.4 injuries per player: most of a few days, some of weeks, a few that last for months. */
export function drawInjuries(
  players: readonly SimulatedPlayer[],
  rosters: Rosters,
  calendar: SeasonCalendar,
  random: Random,
): Injury[] {
  const season = eachDay(calendar.firstDay, calendar.lastDay);
  const out = new Map<string, number>();
  const candidates = players.flatMap((player) =>
    Array.from({ length: random.pick([0, 0, 1, 1, 1, 2, 2, 2, 2, 3]) }, () =>
      drawInjury(player, season, random),
    ),
  );
  return random.shuffled(candidates).filter((injury) => {
    const places = eachDay(injury.from, injury.to).map(
      (day) => `${rosters.teamOn(injury.player, day).tricode} ${day}`,
    );
    if (places.some((place) => (out.get(place) ?? 0) >= MOST_OUT_AT_ONCE)) return false;
    for (const place of places) out.set(place, (out.get(place) ?? 0) + 1);
    return true;
  });
}

function drawInjury(player: SimulatedPlayer, season: readonly string[], random: Random): Injury {
  const from = random.pick(season);
  const [least, most] = random.weighted(
    [
      [2, 6],
      [7, 25],
      [26, 90],
    ] as const,
    ([days]) => (days === 2 ? 6 : days === 7 ? 3 : 0.7),
  );
  return { player, from, to: addDays(from, random.between(least, most) - 1) };
}

/** Which injury keeps a player out on a day: of several the one that lasts longest; undefined when he can play. */
export function injuriesByDay(
  injuries: readonly Injury[],
): (player: SimulatedPlayer, day: string) => Injury | undefined {
  const byPlayer = Map.groupBy(injuries, ({ player }) => player);
  return (player, day) =>
    (byPlayer.get(player) ?? [])
      .filter(({ from, to }) => from <= day && day <= to)
      .reduce<Injury | undefined>(
        (longest, one) => (longest && longest.to >= one.to ? longest : one),
        undefined,
      );
}
