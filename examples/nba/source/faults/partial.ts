// partial:FROM..TO: the first lists of these days, such as schedules and prop lines, have only a third of their items.

import { concerns, dayRange, requestCount } from "./arguments.ts";
import { type FaultKind, firstRequests } from "./fault.ts";
import { hasItems, rewriteItems } from "./rewrite.ts";

export const partial: FaultKind = {
  name: "partial",
  usage: "partial:FROM..TO[,requests=1]",
  takesValue: true,
  options: ["requests"],
  prepare(given) {
    const days = dayRange(given);
    const requests = requestCount(given, 1);
    return () => {
      const isFirst = firstRequests(requests);
      return async (request, answer) => {
        const strikes = request && hasItems(request) && concerns(request, days) && isFirst(request);
        if (!strikes) return answer();
        return rewriteItems(request, await answer(), (items) => items.slice(0, Math.floor(items.length / 3)));
      };
    };
  },
};
