// partial:FROM..TO: the first schedules of these days have only a third of their games.

import { dayRange, isWithin, requestCount } from "./arguments.ts";
import { type FaultKind, firstRequests } from "./fault.ts";
import { rewriteSchedule } from "./rewrite.ts";

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
        const strikes =
          request?.route.resource === "schedule" && isWithin(request.date, days) && isFirst(request);
        if (!strikes) return answer();
        return rewriteSchedule(await answer(), (games) => games.slice(0, Math.floor(games.length / 3)));
      };
    };
  },
};
