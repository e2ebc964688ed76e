// What to tell of a request that got no usable response.

import { formatDuration } from "../../domain/duration.ts";
import { messageOf } from "../../domain/error.ts";
import { SourceError } from "../../domain/retry-later-error.ts";
import type { PreparedRequest } from "./prepared-request.ts";

export function timedOut(request: PreparedRequest, timeoutMs: number): SourceError {
  return new SourceError({
    code: "SOURCE_TIMEOUT",
    message: `${request.label} was not answered in full within ${formatDuration(timeoutMs)}`,
    hint: "raise the source's timeout if it is known to be slow",
  });
}

export function tooLarge(request: PreparedRequest, maxBytes: number): SourceError {
  return new SourceError({
    code: "RESPONSE_TOO_LARGE",
    message: `the response to ${request.label} is larger than ${maxBytes} bytes`,
    hint: "ask for less at a time, or raise the source's maxResponseBytes",
  });
}

/** Whether undici or zlib stopped since there was too much. */
export function isTooLarge(error: unknown): boolean {
  const code = codeOf(error);
  return code === "UND_ERR_RES_EXCEEDED_MAX_SIZE" || code === "ERR_BUFFER_TOO_LARGE";
}

export function damaged(request: PreparedRequest, cause: unknown): SourceError {
  return new SourceError({
    code: "RESPONSE_DAMAGED",
    message: `the compressed response to ${request.label} can't be read: ${messageOf(cause)}`,
    hint: "the source, or a proxy before it, sent it damaged or cut off",
    cause,
  });
}

/** No connection, a connection that broke, or a request that undici refuses to send. */
export function unsent(request: PreparedRequest, cause: unknown): SourceError {
  if (codeOf(cause) === "UND_ERR_INVALID_ARG") {
    return new SourceError({
      code: "REQUEST_INVALID",
      message: `${request.label} can't be sent: ${messageOf(cause)}`,
      hint: "correct the headers of the source or of the request",
    });
  }
  return new SourceError({
    code: "SOURCE_UNREACHABLE",
    message: `${request.label} got no complete response: ${reasonOf(cause)}`,
    hint: "check that the source is up and that its baseUrl is right",
    cause,
  });
}

/** Node reports a host whose every address refused as an AggregateError without a message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(messageOf).join("; ");
  return messageOf(error);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
