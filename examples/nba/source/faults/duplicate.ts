// duplicate:FROM..TO: box scores, game logs and prop lines of these days have every line twice; this one does not heal
// by itself.

import type { Answer } from "../answer.ts";
import type { SourceRequest } from "../routing.ts";
import { concerns, dayRange } from "./arguments.ts";
import type { FaultKind } from "./fault.ts";
import { rewriteBoxScore, rewriteItems } from "./rewrite.ts";

export const duplicate: FaultKind = {
  name: "duplicate",
  usage: "duplicate:FROM..TO",
  takesValue: true,
  options: [],
  prepare(given) {
    const days = dayRange(given);
    return () => async (request, answer) =>
      request && concerns(request, days) ? doubled(request, await answer()) : answer();
  },
};

function doubled(request: SourceRequest, answer: Answer): Answer {
  switch (request.route.resource) {
    case "box-scores":
      return rewriteBoxScore(answer, (box) => ({ ...box, players: twice(box.players) }));
    case "games-log":
    case "prop-lines":
      return rewriteItems(request, answer, twice);
    default:
      return answer;
  }
}

function twice<T>(lines: readonly T[]): T[] {
  return lines.flatMap((line) => [line, line]);
}
