// How many points, rebounds and assists each team allowed its opponents per game.

/** What a defense is judged by: the lines of those who played against it. */
export interface DefenseLine {
  readonly game_id: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** The team that the player met. */
  readonly opponent: string;
  readonly position?: string | null | undefined;
  readonly points: number;
  readonly rebounds: number;
  readonly assists: number;
}

/** Means per game. */
export interface Allowed {
  readonly toAll: number;
  /** To all players of a position together; a position that no line names is not in it. */
  readonly toPosition: ReadonlyMap<string, number>;
}

/** Points, rebounds and assists together. */
export function praOf({ points, rebounds, assists }: DefenseLine): number {
  return points + rebounds + assists;
}

/** What each team allowed in the games of these lines, in any order. */
export function praAllowed(lines: readonly DefenseLine[]): Map<string, Allowed> {
  const byTeam = Map.groupBy(lines, ({ opponent }) => opponent);
  return new Map([...byTeam].map(([team, against]) => [team, allowedIn(against)]));
}

function allowedIn(lines: readonly DefenseLine[]): Allowed {
  const games = new Set(lines.map(({ game_id }) => game_id)).size;
  const perGame = (some: readonly DefenseLine[]) => some.reduce((sum, line) => sum + praOf(line), 0) / games;
  const placed = Map.groupBy(lines, ({ position }) => position || undefined);
  const toPosition = new Map<string, number>();
  for (const [position, its] of placed) {
    if (position !== undefined) toPosition.set(position, perGame(its));
  }
  return { toAll: perGame(lines), toPosition };
}
