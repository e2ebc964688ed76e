// How near a spelling is to a player's name, from 0 to 1, and by which rule.

import type { NameForms } from "./forms.ts";
import { jaroWinkler } from "./jaro-winkler.ts";

/** How a name was found: the same text, by the table of aliases, the same but for accents and the like, … */
export type Method = "exact" | "alias" | "normalized" | "reordered" | "shortened" | "similar";

/** The score of each way; that of `similar` is the similarity's share of it. */
export const SCORES: Readonly<Record<Method, number>> = {
  exact: 1,
  alias: 0.99,
  normalized: 0.98,
  reordered: 0.94,
  shortened: 0.9,
  similar: 0.9,
};

/** The most that a name gets that no rule joins; it is only a candidate. */
const CANDIDATE = 0.8;

/**
 * First and last name must each reach this. Jokic and Jovic, Jalen and Jaden come to 0.89, Jaylin and
 * Jalen to 0.86: different people. Bogdanovich and Bogdanovic come to 0.98, Nicholas and Nicolas to 0.97.
 */
const SIMILAR_AT_LEAST = 0.92;

/** A second player within this of the best makes the name ambiguous. */
export const SIMILAR_MARGIN = 0.05;

/** Whether two suffixes can be of one person: the same, or one of them left out. */
export function suffixesAgree(left: NameForms, right: NameForms): boolean {
  return left.suffix === right.suffix || left.suffix === undefined || right.suffix === undefined;
}

/**
 * Whether the spelling gives only the beginning of the player's first name, or more of it: "J" and "Josh",
 * "Joshua" and "Josh". So short a name may leave the suffix out, but one that it gives has to be the player's:
 * "J. Smith" may be a Jabari Smith Jr., "D. Jones Jr." is no Damian Jones.
 */
export function shortens(spelling: NameForms, player: NameForms): boolean {
  if (spelling.suffix !== undefined && spelling.suffix !== player.suffix) return false;
  if (spelling.given === "" || player.given === "") return false;
  return spelling.given.startsWith(player.given) || player.given.startsWith(spelling.given);
}

/** How similar the weaker of first and last name is, from 0 to 1; 0 when that is too little to be the same. */
export function similarity(left: NameForms, right: NameForms): number {
  if (left.family === "" || right.family === "" || !suffixesAgree(left, right)) return 0;
  const given = jaroWinkler(left.given, right.given);
  if (given < SIMILAR_AT_LEAST) return 0;
  const family = jaroWinkler(left.family, right.family);
  return family < SIMILAR_AT_LEAST ? 0 : Math.min(given, family);
}

/** The score of a player as a candidate, from 0 to 1, by the best rule that joins the names, if one does. */
export function closeness(spelling: NameForms, player: NameForms): number {
  if (suffixesAgree(spelling, player)) {
    if (spelling.letters === player.letters) return SCORES.normalized;
    if (spelling.sorted === player.sorted) return SCORES.reordered;
    const sameFamily = spelling.family !== "" && spelling.family === player.family;
    if (sameFamily && shortens(spelling, player)) return SCORES.shortened;
  }
  const similar = SCORES.similar * similarity(spelling, player);
  return similar > 0 ? similar : CANDIDATE * jaroWinkler(spelling.letters, player.letters);
}
