// hang:FROM..TO: the first requests about these days are accepted and never answered.

import { concerns, dayRange, requestCount } from "./arguments.ts";
import { type FaultKind, firstRequests } from "./fault.ts";

export const hang: FaultKind = {
  name: "hang",
  usage: "hang:FROM..TO[,requests=1]",
  takesValue: true,
  options: ["requests"],
  prepare(given) {
    const days = dayRange(given);
    const requests = requestCount(given, 1);
    return () => {
      const isFirst = firstRequests(requests);
      return async (request, answer) =>
        request && concerns(request, days) && isFirst(request) ? { kind: "silence" } : answer();
    };
  },
};
