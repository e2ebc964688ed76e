// Faults that change the content of a good answer: a box score, or whatever an answer is a list of.

import type { Answer } from "headworks-example-kit/source/answer.ts";
import type { SourceRequest } from "headworks-example-kit/source/routing.ts";
import type { BoxScore } from "../box-score.ts";
import { type Fields, isFields, rewriteTable } from "./rewrite-table.ts";

/** Under which name the answers of a resource have their list. */
const LISTS: Readonly<Record<string, string>> = {
  schedule: "games",
  rosters: "players",
  injuries: "injuries",
  "prop-lines": "lines",
  "pra-actuals": "actuals",
};

/** Resources whose answers are a list of something, such as the games of a day. */
export const LISTED: readonly string[] = [...Object.keys(LISTS), "games-log", "schedule-pages"];

/** The answer with other items, where it has any; otherwise as it was. */
export function rewriteItems(
  { resource }: SourceRequest,
  answer: Answer,
  rewrite: (items: readonly unknown[]) => readonly unknown[],
): Answer {
  if (resource === "games-log")
    return rewriteTable(answer, (table) => ({ ...table, rowSet: rewrite(table.rowSet) }));
  if (resource === "schedule-pages") return rewriteRows(answer, rewrite);
  const list = LISTS[resource];
  return list === undefined ? answer : rewriteList(answer, list, rewrite);
}

/** The answer with another value, where it holds a box score; otherwise as it was. */
export function rewriteBoxScore(answer: Answer, rewrite: (box: BoxScore) => unknown): Answer {
  return answer.kind === "json" && isBoxScore(answer.value)
    ? { ...answer, value: rewrite(answer.value) }
    : answer;
}

function rewriteList(
  answer: Answer,
  list: string,
  rewrite: (items: readonly unknown[]) => readonly unknown[],
): Answer {
  if (answer.kind !== "json" || !isFields(answer.value)) return answer;
  const items = answer.value[list];
  return Array.isArray(items)
    ? { ...answer, value: { ...answer.value, [list]: rewrite(items) } satisfies Fields }
    : answer;
}

// The rows of the first table of a page, each from its tag to that of the next.
function rewriteRows(answer: Answer, rewrite: (rows: readonly unknown[]) => readonly unknown[]): Answer {
  if (answer.kind !== "raw" || answer.status !== 200) return answer;
  const rows = /(?<=<tbody>).*?(?=<\/tbody>)/s;
  const text = answer.text.replace(rows, (table) => rewrite(table.split(/(?=<tr)/)).join(""));
  return { ...answer, text };
}

function isBoxScore(value: unknown): value is BoxScore {
  return typeof value === "object" && value !== null && "players" in value && "gameStatus" in value;
}
