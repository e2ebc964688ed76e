// garbage:FROM..TO: the first answers about these days are a success by their status, and rubbish by their body.

import { type Answer, bodyOf } from "../source/answer.ts";
import type { SourceRequest } from "../source/routing.ts";
import { concerns, dayRange, requestCount } from "./arguments.ts";
import { type FaultKind, firstRequests } from "./fault.ts";
import { portionOf } from "./portion.ts";

const ERROR_PAGE =
  "<!doctype html>\n<html><head><title>Something went wrong</title></head>" +
  "<body><h1>Something went wrong</h1><p>Please try again later.</p></body></html>\n";

export const garbage: FaultKind = {
  name: "garbage",
  usage: "garbage:FROM..TO[,requests=1]",
  takesValue: true,
  options: ["requests"],
  prepare(given) {
    const days = dayRange(given);
    const requests = requestCount(given, 1);
    return () => {
      const isFirst = firstRequests(requests);
      return async (request, answer) =>
        request && concerns(request, days) && isFirst(request) ? spoil(request, await answer()) : answer();
    };
  },
};

// By its subject, an answer is cut off in the middle or replaced by an error page.
function spoil({ subject }: SourceRequest, answer: Answer): Answer {
  if (answer.kind === "silence") return answer;
  const { contentType, text } = bodyOf(answer);
  if (portionOf(subject) < 0.5)
    return { kind: "raw", status: 200, contentType, text: text.slice(0, text.length / 2) };
  return { kind: "raw", status: 200, contentType: "text/html; charset=utf-8", text: ERROR_PAGE };
}
