// Reads the table of spellings that no rule can explain: legal names, nicknames, initials of other names.

import { join } from "node:path";
import { z } from "zod";
import { readCsv } from "../source/csv.ts";
import { normalizeName } from "./normalize.ts";
import type { Aliases } from "./roster.ts";

/** A line of `aliases.csv`; a person adds one after looking at the unresolved names and their candidates. */
export const aliasRow = z.object({
  spelling: z.string().min(1),
  player: z.string().min(1),
  why: z.string().min(1),
});
export type AliasRow = z.infer<typeof aliasRow>;

/** Where the table lies. */
export const ALIASES_FILE = join(import.meta.dirname, "aliases.csv");

/** The aliases of a file. Throws with file and row when one is incomplete, or a spelling stands for two players. */
export function readAliases(file: string = ALIASES_FILE): Aliases {
  return aliasesOf(readCsv(file, aliasRow));
}

/** The aliases in normal form. Throws when a spelling stands for two players. */
export function aliasesOf(rows: readonly Pick<AliasRow, "spelling" | "player">[]): Aliases {
  const aliases = new Map<string, string>();
  for (const { spelling, player } of rows) {
    const from = normalizeName(spelling);
    const to = normalizeName(player);
    const earlier = aliases.get(from);
    if (earlier !== undefined && earlier !== to) {
      throw new Error(`the alias "${spelling}" stands for two players: ${earlier} and ${to}`);
    }
    aliases.set(from, to);
  }
  return aliases;
}
