// Faults that change the content of a good answer: of a box score or of a day's schedule.

import type { Answer } from "../answer.ts";
import type { BoxScore } from "../box-score.ts";
import type { Game } from "../league.ts";

/** The answer with another value, where it holds a box score; otherwise as it was. */
export function rewriteBoxScore(answer: Answer, rewrite: (box: BoxScore) => unknown): Answer {
  return answer.kind === "json" && isBoxScore(answer.value)
    ? { ...answer, value: rewrite(answer.value) }
    : answer;
}

/** The answer with other games, where it holds a day's schedule; otherwise as it was. */
export function rewriteSchedule(
  answer: Answer,
  rewrite: (games: readonly Game[]) => readonly Game[],
): Answer {
  if (answer.kind !== "json" || !isSchedule(answer.value)) return answer;
  return { ...answer, value: { ...answer.value, games: rewrite(answer.value.games) } };
}

function isBoxScore(value: unknown): value is BoxScore {
  return typeof value === "object" && value !== null && "players" in value && "gameStatus" in value;
}

function isSchedule(value: unknown): value is { readonly date: string; readonly games: readonly Game[] } {
  return typeof value === "object" && value !== null && "games" in value && "date" in value;
}
