// Wins and losses from results.

export interface Result {
  home_team: string;
  away_team: string;
  home_points: number | null;
  away_points: number | null;
}

export interface Tally {
  team: string;
  wins: number;
  losses: number;
}

/** Every team's wins and losses, the best first; teams that are level in order of name. Games without a score don't count. */
export function tally(teams: readonly string[], results: readonly Result[]): Tally[] {
  const table = new Map(teams.map((team) => [team, { team, wins: 0, losses: 0 }]));
  for (const { home_team, away_team, home_points, away_points } of results) {
    if (home_points === null || away_points === null) continue;
    const [winner, loser] = home_points > away_points ? [home_team, away_team] : [away_team, home_team];
    const won = table.get(winner);
    const lost = table.get(loser);
    if (won !== undefined) won.wins += 1;
    if (lost !== undefined) lost.losses += 1;
  }
  return [...table.values()].sort((a, b) => share(b) - share(a) || a.team.localeCompare(b.team));
}

/** The share of games won, to three digits; 0 before the first game. */
export function share({ wins, losses }: Tally): number {
  return wins + losses === 0 ? 0 : Math.round((1000 * wins) / (wins + losses)) / 1000;
}
