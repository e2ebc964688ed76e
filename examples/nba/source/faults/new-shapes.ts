// The shapes that the source changes to without a word: of its box scores, game logs, prop lines and pages.

import type { Changes } from "headworks-example-kit/faults/fault.ts";
import type { Answer } from "headworks-example-kit/source/answer.ts";
import type { BoxScore, PlayerLine } from "../box-score.ts";
import { rewriteBoxScore, rewriteItems } from "./rewrite.ts";
import { isFields, rewriteTable } from "./rewrite-table.ts";

/** Box scores, game logs, prop lines and pages in a shape that nobody announced. */
export const NEW_SHAPES: Changes = {
  "box-scores": (answer) => rewriteBoxScore(answer, reshape),
  "games-log": (answer) =>
    rewriteTable(answer, (table) => ({ ...table, headers: table.headers.map(newHeader) })),
  "prop-lines": (answer, request) => rewriteItems(request, answer, (lines) => lines.map(reshapeProp)),
  "schedule-pages": reshapePage,
};

// Players become athletes, their points `pts`, and who they are moves into an object of its own.
function reshape({ players, ...rest }: BoxScore): unknown {
  return { ...rest, athletes: players.map(reshapeLine) };
}

function reshapeLine({ personId, name, points, ...rest }: PlayerLine): unknown {
  return { athlete: { id: personId, displayName: name }, pts: points, ...rest };
}

// `GAME_ID` becomes `gameId`, and so on.
function newHeader(header: string): string {
  return header.toLowerCase().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

// The player becomes a description, his line a point, and the prices outcomes.
function reshapeProp(line: unknown): unknown {
  if (!isFields(line)) return line;
  const { playerName, line: point, overPrice, underPrice, ...rest } = line;
  return { ...rest, description: playerName, point, outcomes: { Over: overPrice, Under: underPrice } };
}

// The cells of the table get other names.
function reshapePage(answer: Answer): Answer {
  if (answer.kind !== "raw" || answer.status !== 200) return answer;
  return { ...answer, text: answer.text.replaceAll('data-stat="', 'data-column="') };
}
