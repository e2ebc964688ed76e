// Grades bookmakers' lines against what came of them: how often each side won, and what betting on it returned.

/** A bookmaker's line on a player's PRA in a game. */
export interface PropLine {
  readonly bookmaker: string;
  readonly line: number;
  /** American odds: -125 stakes 125 to win 100, +110 stakes 100 to win 110; null when the source lacks them. */
  readonly overPrice: number | null;
  readonly underPrice: number | null;
  /** What our model says; null when it has no prediction. */
  readonly predicted: number | null;
  /** What the player reached; null when he did not play or nobody knows yet. */
  readonly actual: number | null;
}

/** What became of one side, had everybody bet one unit on it. */
export interface SideGrade {
  readonly won: number;
  /** Of the lines that did not push; null when all did. */
  readonly hitRate: number | null;
  /** Graded lines whose price is missing: they count for the hit rate, not for the return. */
  readonly withoutPrice: number;
  /** Mean profit per unit staked; a push gives the stake back. Null when no graded line has a price. */
  readonly meanReturn: number | null;
}

/**
 * The grade of a bookmaker's lines: lines = graded + withoutActual, graded = over.won + under.won + pushes,
 * and graded = hits + misses + pickPushes + withoutPick.
 */
export interface LineGrade {
  readonly bookmaker: string;
  readonly lines: number;
  readonly graded: number;
  readonly withoutActual: number;
  readonly pushes: number;
  readonly over: SideGrade;
  readonly under: SideGrade;
  /** How far the lines were off; null when none is graded. */
  readonly meanAbsoluteError: number | null;
  /** The model picks the side of the line on which its prediction is. */
  readonly hits: number;
  readonly misses: number;
  readonly pickPushes: number;
  /** Without a prediction, or with one that is exactly the line. */
  readonly withoutPick: number;
  /** Hits of hits and misses; null without either. */
  readonly hitRate: number | null;
}

type Graded = PropLine & { readonly actual: number };
type Side = "over" | "under";

/** A grade for each bookmaker, in the order of the alphabet. Ungraded lines are counted, never dropped. */
export function gradeLines(lines: readonly PropLine[]): LineGrade[] {
  const byBookmaker = [...Map.groupBy(lines, ({ bookmaker }) => bookmaker)];
  return byBookmaker
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([bookmaker, its]) => ({ bookmaker, ...gradeOf(its) }));
}

function gradeOf(lines: readonly PropLine[]): Omit<LineGrade, "bookmaker"> {
  const graded = lines.flatMap(({ actual, ...rest }) => (actual === null ? [] : [{ ...rest, actual }]));
  const picked = graded.filter((line) => pickOf(line) !== null);
  const pickPushes = picked.filter((line) => winnerOf(line) === null).length;
  const hits = picked.filter((line) => pickOf(line) === winnerOf(line)).length;
  const misses = picked.length - pickPushes - hits;
  return {
    lines: lines.length,
    graded: graded.length,
    withoutActual: lines.length - graded.length,
    pushes: graded.filter((line) => winnerOf(line) === null).length,
    over: sideGrade(graded, "over"),
    under: sideGrade(graded, "under"),
    meanAbsoluteError: meanOf(graded.map(({ line, actual }) => Math.abs(actual - line))),
    hits,
    misses,
    pickPushes,
    withoutPick: graded.length - picked.length,
    hitRate: share(hits, hits + misses),
  };
}

function sideGrade(graded: readonly Graded[], side: Side): SideGrade {
  const won = graded.filter((line) => winnerOf(line) === side).length;
  const decided = graded.filter((line) => winnerOf(line) !== null).length;
  const returns = graded.flatMap((line) => {
    const price = side === "over" ? line.overPrice : line.underPrice;
    return price === null ? [] : [returnOf(side, winnerOf(line), price)];
  });
  return {
    won,
    hitRate: share(won, decided),
    withoutPrice: graded.length - returns.length,
    meanReturn: meanOf(returns),
  };
}

function pickOf({ predicted, line }: PropLine): Side | null {
  return predicted === null ? null : sideOf(predicted, line);
}

function winnerOf({ actual, line }: Graded): Side | null {
  return sideOf(actual, line);
}

function sideOf(value: number, line: number): Side | null {
  if (value === line) return null;
  return value > line ? "over" : "under";
}

function returnOf(side: Side, winner: Side | null, price: number): number {
  if (winner === null) return 0;
  return winner === side ? profitOf(price) : -1;
}

/** The profit of one unit at American odds: 0.8 at -125, 1.1 at +110. Throws RangeError for what is none. */
export function profitOf(price: number): number {
  if (!(Math.abs(price) >= 100))
    throw new RangeError(`American odds are 100 or more either way, not ${price}`);
  return price > 0 ? price / 100 : 100 / -price;
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
