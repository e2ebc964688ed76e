// The invented bookmakers: how many there are, and the habits of each.

import { type Random, randomOf } from "./random.ts";

/** Of 1, how often a bookmaker does it to a name that gives occasion; the same name always comes out the same. */
export interface SpellingHabits {
  /** `Boško Čolić` as `Bosko Colic`. */
  readonly dropsAccents: number;
  /** `Tim Ruck Jr.` as `Tim Ruck`. */
  readonly dropsSuffixes: number;
  /** `Tim Ruck Jr.` as `Tim Ruck Jr`. */
  readonly dropsDots: number;
  /** `Tim Ruck` as `T. Ruck`. */
  readonly initials: number;
  /** `Tim Ruck` as `Tim Ruck (BOS)`. */
  readonly teamHints: number;
  /** `Tim Ruck` as `Ruck, Tim`. */
  readonly lastFirst: number;
  /** `Tim Ruck` as `Tim  Ruck`. */
  readonly doubleSpaces: number;
  /** `De'Shawn` as `De’Shawn`. */
  readonly curlyApostrophes: number;
}

export interface Bookmaker {
  readonly name: string;
  readonly spelling: SpellingHabits;
  /** Of the players who are worth a line, the share for whom this one has one. */
  readonly reach: number;
  /** The deviation of its lines from what everybody knows, in points, rebounds and assists. */
  readonly noise: number;
  /** By how much its lines are too high on the whole. */
  readonly bias: number;
  /** What it keeps: the two probabilities that its prices imply add up to 1 and this. */
  readonly margin: number;
  /** Prices come in steps of so many. */
  readonly priceStep: 1 | 5;
}

const NAMES = [
  "Bluepeak Sports",
  "Copperline",
  "Fairstep (US)",
  "Harborbook",
  "Ninth & Main",
  "Oddsmill.test",
  "Plainfield",
  "Quartermark",
  "Tallyhouse",
  "Westmark",
];

/** Six to ten bookmakers, the same for the whole season. */
export function drawBookmakers(seed: number, season: string): Bookmaker[] {
  const random = randomOf(seed, season, "bookmakers");
  const names = random.shuffled(NAMES).slice(0, random.between(6, NAMES.length));
  // Each has one of these for its vice, so that every difficulty occurs, and none everywhere.
  const vices = random.shuffled([
    "initials",
    "teamHints",
    "lastFirst",
    "doubleSpaces",
    "none",
    "none",
  ] as const);
  return names.map((name, at) => ({
    name,
    spelling: { ...drawHabits(random), ...viceOf(vices[at % vices.length] ?? "none") },
    reach: 0.45 + 0.5 * random.next(),
    noise: 0.5 + 0.7 * random.next(),
    bias: random.normal(0, 0.35),
    margin: 0.045 + 0.03 * random.next(),
    priceStep: random.pick([1, 5, 5]),
  }));
}

function drawHabits(random: Random): SpellingHabits {
  return {
    dropsAccents: random.pick([1, 1, 1, 0.9, 0]),
    dropsSuffixes: random.pick([0, 0.2, 0.5, 1]),
    dropsDots: random.pick([0, 0.5, 1]),
    initials: 0.005,
    teamHints: 0.005,
    lastFirst: 0.005,
    doubleSpaces: 0.005,
    curlyApostrophes: random.pick([0, 0, 1]),
  };
}

function viceOf(
  vice: "initials" | "teamHints" | "lastFirst" | "doubleSpaces" | "none",
): Partial<SpellingHabits> {
  return vice === "none" ? {} : { [vice]: vice === "initials" ? 0.12 : 0.05 };
}
