// Whether a player belongs to a game, and which one of several found players does.

import type { RosterName } from "./roster.ts";

/** What else is known of the line: the two teams of the game (in the roster's words) and its day. */
export interface NameContext {
  readonly teams?: readonly string[] | undefined;
  /** `YYYY-MM-DD`; only stays that cover it count. */
  readonly date?: string | undefined;
}

/** What the teams may say about the players that were found. */
export interface TeamRule {
  /** Whether several players of the name may be told apart by their teams. */
  readonly teamsDecide: boolean;
  /** Whether a player known to be with another team is out of the question. */
  readonly mustFit: boolean;
}

/** The one player meant, or undefined: a tie that the teams don't break is never guessed. */
export function theOne(
  found: readonly RosterName[],
  { teamsDecide, mustFit }: TeamRule,
  context: NameContext,
): RosterName | undefined {
  const onTeams = teamsDecide ? found.filter((player) => fitOf(player, context) === "on") : [];
  const [first, ...others] = onTeams.length > 0 ? onTeams : found;
  if (first === undefined || others.some(({ playerId }) => playerId !== first.playerId)) return undefined;
  return mustFit && fitOf(first, context) === "off" ? undefined : first;
}

/** Whether a player was with one of the teams on that day; `unknown` when either side names no team. */
export function fitOf({ stays }: RosterName, { teams, date }: NameContext): "on" | "off" | "unknown" {
  if (teams === undefined || stays.every(({ team }) => team === undefined)) return "unknown";
  const there = stays.some(
    ({ team, from, to }) => team !== undefined && teams.includes(team) && covers(from, to, date),
  );
  return there ? "on" : "off";
}

function covers(from: string | undefined, to: string | undefined, day: string | undefined): boolean {
  if (day === undefined) return true;
  return (from === undefined || from <= day) && (to === undefined || day <= to);
}
