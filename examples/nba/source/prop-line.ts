// What bookmakers offer on a player's points, rebounds and assists together (PRA), and what it came to.

/** One bookmaker's line on one player in one game: over or under so many points, rebounds and assists. */
export interface PropLine {
  /** As this bookmaker spells him. */
  readonly playerName: string;
  /** The bookmakers' own id of the game. */
  readonly eventId: string;
  readonly eventDate: string;
  /** Full names: `Denver Nuggets`. */
  readonly homeTeam: string;
  readonly awayTeam: string;
  readonly bookmaker: string;
  readonly line: number;
  /** The instant at which the bookmaker offered it. */
  readonly timestamp: string;
  /** American odds: `-115` stakes 115 to win 100, `105` stakes 100 to win 105. Null when none was offered. */
  readonly overPrice: number | null;
  readonly underPrice: number | null;
}

/** What a player's points, rebounds and assists in a game came to, and what somebody's model had predicted. */
export interface PraActual {
  readonly playerId: number;
  readonly name: string;
  /** Ten digits, as everywhere. */
  readonly gameId: string;
  readonly date: string;
  readonly pra: number;
  readonly predictedPra: number;
}
