// The teams' full names and tricodes, for sources that use only the ones or the others.

const TRICODES: ReadonlyMap<string, string> = new Map([
  ["Atlanta Hawks", "ATL"],
  ["Boston Celtics", "BOS"],
  ["Brooklyn Nets", "BKN"],
  ["Charlotte Hornets", "CHA"],
  ["Chicago Bulls", "CHI"],
  ["Cleveland Cavaliers", "CLE"],
  ["Dallas Mavericks", "DAL"],
  ["Denver Nuggets", "DEN"],
  ["Detroit Pistons", "DET"],
  ["Golden State Warriors", "GSW"],
  ["Houston Rockets", "HOU"],
  ["Indiana Pacers", "IND"],
  ["LA Clippers", "LAC"],
  ["Los Angeles Clippers", "LAC"],
  ["Los Angeles Lakers", "LAL"],
  ["Memphis Grizzlies", "MEM"],
  ["Miami Heat", "MIA"],
  ["Milwaukee Bucks", "MIL"],
  ["Minnesota Timberwolves", "MIN"],
  ["New Orleans Pelicans", "NOP"],
  ["New York Knicks", "NYK"],
  ["Oklahoma City Thunder", "OKC"],
  ["Orlando Magic", "ORL"],
  ["Philadelphia 76ers", "PHI"],
  ["Phoenix Suns", "PHX"],
  ["Portland Trail Blazers", "POR"],
  ["Sacramento Kings", "SAC"],
  ["San Antonio Spurs", "SAS"],
  ["Toronto Raptors", "TOR"],
  ["Utah Jazz", "UTA"],
  ["Washington Wizards", "WAS"],
]);

/** The tricode of a team by its full name, such as `Los Angeles Lakers`; undefined for a name that no team has. */
export function findTricode(name: string): string | undefined {
  return TRICODES.get(name);
}
