// Which game a bookmakers' event was: the one in which those played whom its lines name.

/** A player named by a line of an event. */
export interface NamedPlayer {
  readonly event_id: string;
  readonly player_id: number;
}

/** A player in a game. */
export interface Appearance {
  readonly game_id: string;
  readonly player_id: number;
  /** `YYYY-MM-DD`. */
  readonly date: string;
}

/**
 * Some of the players are hurt in the end, but most of them play. Less would let an event pass for the game of one of its
 * teams on another day; so it is rather not known than wrong.
 */
const LEAST_SHARE = 2 / 3;

/**
 * The game of each event: the latest that most of its players were in, since two teams may meet on two days in a row.
 * An event without such a game is left out.
 */
export function gamesOfEvents(
  named: readonly NamedPlayer[],
  appearances: readonly Appearance[],
): Map<string, string> {
  const byPlayer = Map.groupBy(appearances, ({ player_id }) => player_id);
  const games = new Map<string, string>();
  for (const [event, its] of Map.groupBy(named, ({ event_id }) => event_id)) {
    const players = new Set(its.map(({ player_id }) => player_id));
    const played = [...players].flatMap((player) => byPlayer.get(player) ?? []);
    const [latest] = [...Map.groupBy(played, ({ game_id }) => game_id).values()]
      .filter((those) => those.length >= LEAST_SHARE * players.size)
      .flatMap((those) => those.slice(0, 1))
      .sort((a, b) => (a.date < b.date ? 1 : -1));
    if (latest !== undefined) games.set(event, latest.game_id);
  }
  return games;
}
