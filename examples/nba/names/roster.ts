// An index of the players' names, built once, so that most spellings are found by a look-up.

import { formsOf, type NameForms } from "./forms.ts";

/** A player, or one stay of a player with a team; a player may have several rows, also with other spellings. */
export interface RosterRow {
  readonly playerId: number;
  readonly name: string;
  /** In the caller's own words: a tricode or a full name. Left out when nobody knows. */
  readonly team?: string | undefined;
  /** First and last day (`YYYY-MM-DD`, both included) with the team; open when left out. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** One spelling of one player. */
export interface RosterName extends NameForms {
  readonly playerId: number;
  readonly name: string;
  readonly stays: readonly RosterRow[];
}

/** Names by each form in which they are looked for. */
export interface RosterIndex {
  readonly names: readonly RosterName[];
  readonly teams: ReadonlySet<string>;
  readonly byName: ReadonlyMap<string, readonly RosterName[]>;
  readonly byAlias: ReadonlyMap<string, readonly RosterName[]>;
  readonly byLetters: ReadonlyMap<string, readonly RosterName[]>;
  readonly byWords: ReadonlyMap<string, readonly RosterName[]>;
  readonly byFamily: ReadonlyMap<string, readonly RosterName[]>;
}

/** Other spellings, in normal form, and the player's name that each stands for. */
export type Aliases = ReadonlyMap<string, string>;

/** Indexes a roster; aliases of players who are not on it are left aside. */
export function indexRoster(rows: readonly RosterRow[], aliases: Aliases = new Map()): RosterIndex {
  const stays = Map.groupBy(rows, (row) => row.playerId);
  const spellings = Map.groupBy(rows, (row) => `${row.playerId} ${row.name}`);
  const names = [...spellings.values()]
    .flatMap((same) => same.slice(0, 1))
    .map(({ playerId, name }) => ({ playerId, name, stays: stays.get(playerId) ?? [], ...formsOf(name) }))
    .sort((a, b) => a.playerId - b.playerId || (a.name < b.name ? -1 : 1));
  const byNormal = Map.groupBy(names, ({ normal }) => normal);
  return {
    names,
    teams: new Set(rows.flatMap(({ team }) => team ?? [])),
    byName: Map.groupBy(names, ({ name }) => name),
    byAlias: new Map([...aliases].map(([spelling, name]) => [spelling, byNormal.get(name) ?? []])),
    byLetters: Map.groupBy(names, ({ letters }) => letters),
    byWords: Map.groupBy(names, ({ sorted }) => sorted),
    byFamily: Map.groupBy(names, ({ family }) => family),
  };
}
