// duplicate:FROM..TO: answers about these days have every line twice; this one does not heal by itself.

import { concerns, dayRange } from "./arguments.ts";
import type { Changes, FaultKind } from "./fault.ts";

/** `doublings` give answers their lines twice. */
export function duplicate(doublings: Changes): FaultKind {
  return {
    name: "duplicate",
    usage: "duplicate:FROM..TO",
    takesValue: true,
    options: [],
    prepare(given) {
      const days = dayRange(given);
      return () => async (request, answer) => {
        const double = request && doublings[request.resource];
        return double && concerns(request, days) ? double(await answer(), request) : answer();
      };
    },
  };
}
