// Compares two listings of the same games.

/** In the order in which they are looked for: of each game the first is told. */
export const DIFFERENCES = ["missing_in_log", "missing_in_schedule", "teams", "score"] as const;

interface ListedGame {
  game_id: string;
  date: string;
  home_team: string;
  away_team: string;
  home_points: number | null;
  away_points: number | null;
  /** On a neutral floor it means nothing who is called the home team. */
  neutral_floor?: boolean;
}

interface Difference {
  game_id: string;
  date: string;
  kind: (typeof DIFFERENCES)[number];
  ours: string | null;
  theirs: string | null;
}

/** What the schedule (ours) and the log (theirs) say differently of final games, a row for each game, by id. */
export function compareSchedules(ours: readonly ListedGame[], theirs: readonly ListedGame[]): Difference[] {
  const inLog = new Map(theirs.map((game) => [game.game_id, game]));
  const inSchedule = new Set(ours.map((game) => game.game_id));
  const differing = ours.flatMap((game) => differenceOf(game, inLog.get(game.game_id)) ?? []);
  const missing = theirs
    .filter((game) => !inSchedule.has(game.game_id))
    .map((game) => difference("missing_in_schedule", undefined, game));
  return [...differing, ...missing].sort((a, b) => (a.game_id < b.game_id ? -1 : 1));
}

function differenceOf(ours: ListedGame, theirs: ListedGame | undefined): Difference | undefined {
  if (theirs === undefined) return difference("missing_in_log", ours, undefined);
  const [same, turned] = [wordsOf(theirs), wordsOf(turnedRound(theirs))];
  const [teams, teamsTurned] = [teamsOf(theirs), teamsOf(turnedRound(theirs))];
  const isTurned = theirs.neutral_floor === true && teamsOf(ours) === teamsTurned;
  if (teamsOf(ours) !== teams && !isTurned) return difference("teams", ours, theirs);
  return wordsOf(ours) === (isTurned ? turned : same) ? undefined : difference("score", ours, theirs);
}

function turnedRound(game: ListedGame): ListedGame {
  return {
    ...game,
    home_team: game.away_team,
    away_team: game.home_team,
    home_points: game.away_points,
    away_points: game.home_points,
  };
}

function teamsOf({ home_team, away_team }: ListedGame): string {
  return `${home_team} ${away_team}`;
}

function wordsOf(game: ListedGame): string {
  return `${game.home_team} ${game.home_points}, ${game.away_team} ${game.away_points}`;
}

function difference(
  kind: Difference["kind"],
  ours: ListedGame | undefined,
  theirs: ListedGame | undefined,
): Difference {
  const { game_id = "", date = "" } = ours ?? theirs ?? {};
  return { game_id, date, kind, ours: ours ? wordsOf(ours) : null, theirs: theirs ? wordsOf(theirs) : null };
}
