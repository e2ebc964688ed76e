// changed-page:FROM..TO: the first box scores of these days come in a shape that nobody announced.

import type { BoxScore, PlayerLine } from "../box-score.ts";
import { dayRange, isWithin, requestCount } from "./arguments.ts";
import { type FaultKind, firstRequests } from "./fault.ts";
import { rewriteBoxScore } from "./rewrite.ts";

export const changedPage: FaultKind = {
  name: "changed-page",
  usage: "changed-page:FROM..TO[,requests=2]",
  takesValue: true,
  options: ["requests"],
  prepare(given) {
    const days = dayRange(given);
    const requests = requestCount(given, 2);
    return () => {
      const isFirst = firstRequests(requests);
      return async (request, answer) => {
        const strikes =
          request?.route.resource === "box-scores" && isWithin(request.date, days) && isFirst(request);
        return strikes ? rewriteBoxScore(await answer(), reshape) : answer();
      };
    };
  },
};

// Players become athletes, their points `pts`, and who they are moves into an object of its own.
function reshape({ players, ...rest }: BoxScore): unknown {
  return { ...rest, athletes: players.map(reshapeLine) };
}

function reshapeLine({ personId, name, points, ...rest }: PlayerLine): unknown {
  return { athlete: { id: personId, displayName: name }, pts: points, ...rest };
}
