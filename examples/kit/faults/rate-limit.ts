// rate-limit:PER_SECOND: more requests than that are told to come back later. A token bucket, full at first.

import { refusal } from "../source/answer.ts";
import { positive } from "./arguments.ts";
import type { FaultKind } from "./fault.ts";

export const rateLimit: FaultKind = {
  name: "rate-limit",
  usage: "rate-limit:REQUESTS_PER_SECOND",
  takesValue: true,
  options: [],
  prepare({ value }) {
    const perSecond = positive(value, "the rate per second");
    const capacity = Math.max(perSecond, 1);
    return ({ monotonicMs }) => {
      let tokens = capacity;
      let countedAt = monotonicMs();
      return async (_request, answer) => {
        const now = monotonicMs();
        tokens = Math.min(capacity, tokens + ((now - countedAt) / 1000) * perSecond);
        countedAt = now;
        if (tokens < 1) {
          const retryAfter = String(Math.max(1, Math.ceil((1 - tokens) / perSecond)));
          const message = `more than ${value} requests per second`;
          return refusal(429, "too_many_requests", message, { "retry-after": retryAfter });
        }
        tokens -= 1;
        return answer();
      };
    };
  },
};
