// The forms of a name under which it is looked for, worked out once per name.

import { type ParsedName, parseName, spell } from "./normalize.ts";

/** A parsed name with its forms. */
export interface NameForms extends ParsedName {
  /** The normal form, with the suffix. */
  readonly normal: string;
  /** The letters alone, since spaces and hyphens come and go: "le bron james" is "lebronjames". */
  readonly letters: string;
  /** The words in the order of the alphabet, for names written last name first. */
  readonly sorted: string;
  /** The first word; empty for a name without any. */
  readonly given: string;
  /** The letters of all other words; empty for a name of one word. */
  readonly family: string;
}

/** Parses a spelling and works out its forms. */
export function formsOf(name: string): NameForms {
  const parsed = parseName(name);
  const [given = "", ...others] = parsed.words;
  return {
    ...parsed,
    normal: spell(parsed),
    letters: parsed.words.join(""),
    sorted: parsed.words.toSorted().join(" "),
    given,
    family: others.join(""),
  };
}
