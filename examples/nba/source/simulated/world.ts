// Everything about a simulated season that is drawn before a game is played.

import { type SeasonCalendar, seasonCalendar } from "./calendar.ts";
import { drawInjuries, type Injury, injuriesByDay } from "./injuries.ts";
import { drawPlayers, type SimulatedPlayer } from "./players.ts";
import { postponeSome } from "./postponements.ts";
import { randomOf } from "./random.ts";
import { drawRosters, type Rosters } from "./rosters.ts";
import { drawSchedule, type Fixture } from "./schedule.ts";

export interface World {
  readonly seed: number;
  readonly calendar: SeasonCalendar;
  readonly players: readonly SimulatedPlayer[];
  readonly rosters: Rosters;
  /** Whether a player is hurt on a day. */
  isOut(player: SimulatedPlayer, day: string): boolean;
  /** What keeps him out on that day; undefined when he can play. */
  injuryOf(player: SimulatedPlayer, day: string): Injury | undefined;
  /** All games in the order of play. */
  readonly fixtures: readonly Fixture[];
}

/** The world of a seed and a season. Throws a RangeError when `season` is not the name of one. */
export function drawWorld(seed: number, season: string): World {
  const calendar = seasonCalendar(season);
  const players = drawPlayers(seed, season);
  const rosters = drawRosters(players, calendar, randomOf(seed, season, "trades"));
  const injuries = drawInjuries(players, rosters, calendar, randomOf(seed, season, "injuries"));
  const injuryOf = injuriesByDay(injuries);
  const fixtures = drawSchedule(calendar, randomOf(seed, season, "schedule"));
  return {
    seed,
    calendar,
    players,
    rosters,
    isOut: (player, day) => injuryOf(player, day) !== undefined,
    injuryOf,
    fixtures: postponeSome(fixtures, calendar, randomOf(seed, season, "postponements")),
  };
}
