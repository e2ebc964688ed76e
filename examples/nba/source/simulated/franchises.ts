// The thirty teams: ids, tricodes, names and conferences as the real league has them.

import type { Team } from "../league.ts";

/** A team, with the usual start of its home games. */
export interface Franchise extends Team {
  /** In the league's zone (US Eastern): 19 in the east, 22 on the Pacific. */
  readonly tipOffHour: 19 | 20 | 21 | 22;
}

const FIRST_TEAM_ID = 1_610_612_737;

// In the order of their ids, which are consecutive.
const ROWS: readonly (readonly [string, string, Team["conference"], Franchise["tipOffHour"]])[] = [
  ["ATL", "Atlanta Hawks", "East", 19],
  ["BOS", "Boston Celtics", "East", 19],
  ["CLE", "Cleveland Cavaliers", "East", 19],
  ["NOP", "New Orleans Pelicans", "West", 20],
  ["CHI", "Chicago Bulls", "East", 20],
  ["DAL", "Dallas Mavericks", "West", 20],
  ["DEN", "Denver Nuggets", "West", 21],
  ["GSW", "Golden State Warriors", "West", 22],
  ["HOU", "Houston Rockets", "West", 20],
  ["LAC", "LA Clippers", "West", 22],
  ["LAL", "Los Angeles Lakers", "West", 22],
  ["MIA", "Miami Heat", "East", 19],
  ["MIL", "Milwaukee Bucks", "East", 20],
  ["MIN", "Minnesota Timberwolves", "West", 20],
  ["BKN", "Brooklyn Nets", "East", 19],
  ["NYK", "New York Knicks", "East", 19],
  ["ORL", "Orlando Magic", "East", 19],
  ["IND", "Indiana Pacers", "East", 19],
  ["PHI", "Philadelphia 76ers", "East", 19],
  ["PHX", "Phoenix Suns", "West", 21],
  ["POR", "Portland Trail Blazers", "West", 22],
  ["SAC", "Sacramento Kings", "West", 22],
  ["SAS", "San Antonio Spurs", "West", 20],
  ["OKC", "Oklahoma City Thunder", "West", 20],
  ["TOR", "Toronto Raptors", "East", 19],
  ["UTA", "Utah Jazz", "West", 21],
  ["MEM", "Memphis Grizzlies", "West", 20],
  ["WAS", "Washington Wizards", "East", 19],
  ["DET", "Detroit Pistons", "East", 19],
  ["CHA", "Charlotte Hornets", "East", 19],
];

/** All thirty, by id. */
export const FRANCHISES: readonly Franchise[] = ROWS.map(
  ([tricode, name, conference, tipOffHour], index) => ({
    teamId: FIRST_TEAM_ID + index,
    tricode,
    name,
    conference,
    tipOffHour,
  }),
);
