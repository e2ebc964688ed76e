// changed-page:FROM..TO: the first answers about these days come in a shape that nobody announced.

import { concerns, dayRange, requestCount } from "./arguments.ts";
import { type Changes, type FaultKind, firstRequests } from "./fault.ts";

/** `changes` gives answers their new shape. */
export function changedPage(changes: Changes): FaultKind {
  return {
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
          const change = request && changes[request.resource];
          if (!request || !change || !concerns(request, days) || !isFirst(request)) return answer();
          return change(await answer(), request);
        };
      };
    },
  };
}
