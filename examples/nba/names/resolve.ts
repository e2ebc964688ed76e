// Finds the player whom a bookmaker's spelling means, or says who it might be; a tie is never guessed.

import {
  closeness,
  type Method,
  SCORES,
  SIMILAR_MARGIN,
  shortens,
  similarity,
  suffixesAgree,
} from "./closeness.ts";
import { fitOf, type NameContext, type TeamRule, theOne } from "./fit.ts";
import { formsOf, type NameForms } from "./forms.ts";
import type { RosterIndex, RosterName } from "./roster.ts";

export interface Candidate {
  readonly playerId: number;
  readonly name: string;
  /** From 0 to 1. */
  readonly score: number;
}

export type Resolution =
  | { readonly kind: "resolved"; readonly playerId: number; readonly score: number; readonly method: Method }
  | { readonly kind: "unresolved"; readonly candidates: readonly Candidate[] };

const MOST_CANDIDATES = 5;

/** A way to find a name. The first way that finds anyone decides; if it finds several, no later one may. */
interface Way extends TeamRule {
  readonly method: Method;
  readonly find: (spelling: NameForms, roster: RosterIndex) => readonly RosterName[];
}

const byTeams = { teamsDecide: true, mustFit: false } as const;
const amongTeams = { teamsDecide: true, mustFit: true } as const;
const alone = { teamsDecide: false, mustFit: true } as const;

const WAYS: readonly Way[] = [
  { method: "alias", ...byTeams, find: (spelling, roster) => roster.byAlias.get(spelling.normal) ?? [] },
  { method: "normalized", ...byTeams, find: findNormalized },
  { method: "reordered", ...amongTeams, find: findReordered },
  { method: "shortened", ...amongTeams, find: findShortened },
  { method: "similar", ...alone, find: findSimilar },
];

/** Resolves one spelling against an indexed roster. Scores are from 0 to 1. */
export function resolveName(name: string, roster: RosterIndex, context: NameContext = {}): Resolution {
  // Nine names of ten are the player's own: they need not be taken apart.
  const exact = theOne(roster.byName.get(name) ?? [], byTeams, context);
  if (exact !== undefined) return resolved(exact, "exact");
  const spelling = formsOf(name);
  const known = { ...context, teams: context.teams ?? hintedTeams(spelling, roster) };
  for (const way of WAYS) {
    const found = way.find(spelling, roster);
    if (found.length === 0) continue;
    const player = theOne(found, way, known);
    if (player === undefined) break;
    return resolved(player, way.method, way.method === "similar" ? similarity(spelling, player) : 1);
  }
  return { kind: "unresolved", candidates: candidatesFor(spelling, roster, known) };
}

function resolved({ playerId }: RosterName, method: Method, share = 1): Resolution {
  return { kind: "resolved", playerId, score: share * SCORES[method], method };
}

// A suffix that is the same beats one that is missing; two different ones are two different people.
function findNormalized(spelling: NameForms, { byLetters }: RosterIndex): readonly RosterName[] {
  const found = agreeing(spelling, byLetters.get(spelling.letters));
  const same = found.filter(({ suffix }) => suffix === spelling.suffix);
  return same.length > 0 ? same : found;
}

function findReordered(spelling: NameForms, { byWords }: RosterIndex): readonly RosterName[] {
  return agreeing(spelling, byWords.get(spelling.sorted));
}

function findShortened(spelling: NameForms, { byFamily }: RosterIndex): readonly RosterName[] {
  if (spelling.family === "") return [];
  return (byFamily.get(spelling.family) ?? []).filter((player) => shortens(spelling, player));
}

// Everybody nearly as similar as the best is a rival, wherever he plays: Jaylin is no misspelt Jalen.
function findSimilar(spelling: NameForms, { names }: RosterIndex): readonly RosterName[] {
  const similar = names
    .map((player) => ({ player, share: similarity(spelling, player) }))
    .filter(({ share }) => share > 0);
  const best = Math.max(...similar.map(({ share }) => share));
  return similar.filter(({ share }) => share > best - SIMILAR_MARGIN).map(({ player }) => player);
}

function agreeing(spelling: NameForms, found: readonly RosterName[] = []): readonly RosterName[] {
  return found.filter((player) => suffixesAgree(spelling, player));
}

// "(IND)" means the team of that code, or one whose name begins with it.
function hintedTeams({ hints }: NameForms, { teams }: RosterIndex): readonly string[] | undefined {
  const hinted = [...teams].filter((team) =>
    hints.some((hint) => team.toLowerCase().startsWith(hint.toLowerCase())),
  );
  return hinted.length > 0 ? hinted : undefined;
}

function candidatesFor(spelling: NameForms, { names }: RosterIndex, context: NameContext): Candidate[] {
  const best = new Map<number, Candidate & { fits: boolean }>();
  for (const player of names) {
    const score = closeness(spelling, player);
    if (score <= (best.get(player.playerId)?.score ?? -1)) continue;
    const fits = fitOf(player, context) === "on";
    best.set(player.playerId, { playerId: player.playerId, name: player.name, score, fits });
  }
  return [...best.values()]
    .sort((a, b) => b.score - a.score || Number(b.fits) - Number(a.fits) || a.playerId - b.playerId)
    .slice(0, MOST_CANDIDATES)
    .map(({ playerId, name, score }) => ({ playerId, name, score }));
}
