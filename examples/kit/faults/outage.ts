// outage:FROM..TO: the first requests about these days are refused with a 503.

import { refusal } from "../source/answer.ts";
import { concerns, dayRange, requestCount } from "./arguments.ts";
import { type FaultKind, firstRequests } from "./fault.ts";

export const outage: FaultKind = {
  name: "outage",
  usage: "outage:FROM..TO[,requests=3]",
  takesValue: true,
  options: ["requests"],
  prepare(given) {
    const days = dayRange(given);
    const requests = requestCount(given, 3);
    return () => {
      const isFirst = firstRequests(requests);
      return async (request, answer) =>
        request && concerns(request, days) && isFirst(request)
          ? refusal(503, "unavailable", `out of service: ${request.subject}`, { "retry-after": "1" })
          : answer();
    };
  },
};
