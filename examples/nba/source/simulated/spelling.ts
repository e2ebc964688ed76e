// How a bookmaker writes a player's name: a habit is applied always or never to the same name.

import type { SpellingHabits } from "./bookmakers.ts";
import type { Random } from "./random.ts";

const SUFFIX = /,? (?:Jr\.|Sr\.|I{2,3}|IV)$/;
// Letters that are no base letter with a mark, so that decomposing them drops nothing.
const LETTERS: Readonly<Record<string, string>> = { đ: "d", Đ: "D", ø: "o", Ø: "O", ł: "l", Ł: "L", ı: "i" };

/** The name as spelled by these habits. The random stream should be that of the bookmaker and the player. */
export function spell(name: string, tricode: string, habits: SpellingHabits, random: Random): string {
  // All are drawn whether they are needed or not, so that one never decides about another.
  const does = {
    dropsAccents: random.chance(habits.dropsAccents),
    dropsSuffixes: random.chance(habits.dropsSuffixes),
    dropsDots: random.chance(habits.dropsDots),
    initials: random.chance(habits.initials),
    lastFirst: random.chance(habits.lastFirst),
    curlyApostrophes: random.chance(habits.curlyApostrophes),
    doubleSpaces: random.chance(habits.doubleSpaces),
    teamHints: random.chance(habits.teamHints),
  };
  let spelled = name;
  if (does.dropsAccents) spelled = withoutAccents(spelled);
  if (does.dropsSuffixes) spelled = spelled.replace(SUFFIX, "");
  if (does.dropsDots) spelled = spelled.replaceAll(".", "");
  if (does.initials) spelled = withInitial(spelled);
  else if (does.lastFirst) spelled = lastNameFirst(spelled);
  if (does.curlyApostrophes) spelled = spelled.replaceAll("'", "’");
  if (does.doubleSpaces) spelled = spelled.replace(" ", "  ");
  return does.teamHints ? `${spelled} (${tricode})` : spelled;
}

function withoutAccents(name: string): string {
  const decomposed = name.normalize("NFD").replace(/\p{M}/gu, "");
  return [...decomposed].map((letter) => LETTERS[letter] ?? letter).join("");
}

function withInitial(name: string): string {
  const [first = "", ...rest] = name.split(" ");
  return [`${first.slice(0, 1)}.`, ...rest].join(" ");
}

function lastNameFirst(name: string): string {
  const [first = "", ...rest] = name.replace(SUFFIX, "").split(" ");
  return `${rest.join(" ")}, ${first}`;
}
