// slow:MS: every answer comes that many milliseconds late.

import { positive } from "./arguments.ts";
import type { FaultKind } from "./fault.ts";

// The longest that a timer of Node can wait: about 24 days.
const LONGEST_MS = 2_147_483_647;

export const slow: FaultKind = {
  name: "slow",
  usage: "slow:MILLISECONDS",
  takesValue: true,
  options: [],
  prepare({ value }) {
    const ms = positive(value, "the delay in milliseconds", (given) => given <= LONGEST_MS);
    return ({ pause }) =>
      async (_request, answer) => {
        await pause(ms);
        return answer();
      };
  },
};
