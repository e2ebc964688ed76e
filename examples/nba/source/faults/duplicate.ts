// duplicate:FROM..TO: box scores of these days have every player's line twice; this one does not heal by itself.

import type { BoxScore } from "../box-score.ts";
import { dayRange, isWithin } from "./arguments.ts";
import type { FaultKind } from "./fault.ts";
import { rewriteBoxScore } from "./rewrite.ts";

export const duplicate: FaultKind = {
  name: "duplicate",
  usage: "duplicate:FROM..TO",
  takesValue: true,
  options: [],
  prepare(given) {
    const days = dayRange(given);
    return () => async (request, answer) =>
      request?.route.resource === "box-scores" && isWithin(request.date, days)
        ? rewriteBoxScore(await answer(), twice)
        : answer();
  },
};

function twice(box: BoxScore): BoxScore {
  return { ...box, players: box.players.flatMap((line) => [line, line]) };
}
