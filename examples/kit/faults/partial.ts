// partial:FROM..TO: the first lists of these days have only a part of their items.

import { concerns, dayRange, requestCount } from "./arguments.ts";
import { type Changes, type FaultKind, firstRequests } from "./fault.ts";

/** `cuts` take items away from answers. */
export function partial(cuts: Changes): FaultKind {
  return {
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
          const cut = request && cuts[request.resource];
          if (!request || !cut || !concerns(request, days) || !isFirst(request)) return answer();
          return cut(await answer(), request);
        };
      };
    },
  };
}
