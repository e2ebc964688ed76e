// What to tell of a response whose status says that the request failed.

import type { SourceResponse } from "../../define/context.ts";
import { formatDuration } from "../../domain/duration.ts";
import { SourceError } from "../../domain/retry-later-error.ts";
import { textOf } from "./content.ts";
import { findRetryAfterMs } from "./retry.ts";

const SNIPPET_LENGTH = 300;

/** SOURCE_STATUS, with the beginning of the body, and with the wait that the source asked for. */
export function statusError(
  response: SourceResponse,
  request: { label: string },
  redact: (text: string) => string,
): SourceError {
  const retryAfterMs = findRetryAfterMs(response.headers["retry-after"], Date.now());
  const snippet = snippetOf(response, redact);
  return new SourceError({
    code: "SOURCE_STATUS",
    message: `${request.label} was answered with status ${response.status}${snippet === "" ? "" : `: ${snippet}`}`,
    hint: hintFor(response.status, retryAfterMs),
    status: response.status,
    retryAfterMs,
  });
}

/** The beginning of the body, on one line, without secrets. */
export function snippetOf(response: SourceResponse, redact: (text: string) => string): string {
  // A secret that reaches over the end of what is shown must still be recognized.
  const beginning = { ...response, body: response.body.subarray(0, 16_384) };
  const text = redact(textOf(beginning)).replace(/\s+/g, " ").trim();
  return text.length > SNIPPET_LENGTH ? `${text.slice(0, SNIPPET_LENGTH)}…` : text;
}

function hintFor(status: number, retryAfterMs: number | undefined): string {
  if (retryAfterMs !== undefined)
    return `the source asks to be left alone for ${formatDuration(retryAfterMs)}`;
  if (status === 401 || status === 403) return "check the source's auth, and that its secret is still valid";
  if (status === 404 || status === 410)
    return "check the path; where a missing answer is normal, ask with findJson";
  if (status === 429) return "lower the source's maxRequestsPerSecond";
  if (status >= 500) return "the source is failing: try again later";
  return "the source doesn't accept the request as it is sent: check its path, query, headers and body";
}
