// late: some answers are not complete yet for the first requests.

import { positive, requestCount, shareOf } from "./arguments.ts";
import { type Changes, type FaultKind, firstRequests } from "./fault.ts";
import { portionOf } from "./portion.ts";

const USUAL_SHARE = 0.05;

/** `delays` make answers what they are before all is known. */
export function late(delays: Changes): FaultKind {
  return {
    name: "late",
    usage: "late[:share=0.05[,requests=2][,seed=1]]",
    takesValue: false,
    options: ["share", "requests", "seed"],
    prepare(given) {
      const share = shareOf(given, USUAL_SHARE);
      const requests = requestCount(given, 2);
      const seed = positive(given.options.get("seed") ?? "1", "seed");
      return () => {
        const isFirst = firstRequests(requests);
        return async (request, answer) => {
          const delay = request && delays[request.resource];
          if (!request || !delay || portionOf(`${seed} ${request.subject}`) >= share || !isFirst(request))
            return answer();
          return delay(await answer(), request);
        };
      };
    },
  };
}
