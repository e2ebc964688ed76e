// Runs a processor by posting the run to an HTTP endpoint, which does the work and answers with the result.

import { type Dispatcher, Headers, request as send } from "undici";
import { decodeText } from "../domain/charset.ts";
import { HeadworksError, messageOf } from "../domain/error.ts";
import { writeExactly } from "../domain/exact-json.ts";
import type { TargetRequest, TargetResult } from "./request.ts";
import { invalidResult, MAX_RESULT_BYTES, parseTargetResult } from "./result.ts";
import { findRetryAfterMs } from "./retry-after.ts";

/** An endpoint that runs a processor. */
export interface HttpTarget {
  url: string;
  headers?: Record<string, string>;
}

const MAX_QUOTED_BYTES = 2_048;

/** The endpoint asked to be left alone until `retryAfterMs` milliseconds have passed. Its code is TARGET_BUSY. */
export class TargetBusyError extends HeadworksError {
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number) {
    super({ code: "TARGET_BUSY", message, hint: "nothing to do: the run is tried again after that time" });
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Posts the run and waits for the answer, for as long as the signal allows. A status of 2xx is a return, with the result in
 * the body, which is JSON or empty, whatever its content type says. Throws {@link TargetBusyError} on 429 and 503 with a Retry-After, TARGET_STATUS on every other
 * status, TARGET_UNREACHABLE, TARGET_RESULT_INVALID; when the signal was aborted, its reason.
 */
export async function pushHttp(target: HttpTarget, request: TargetRequest): Promise<TargetResult> {
  request.signal.throwIfAborted();
  try {
    const response = await send(target.url, {
      method: "POST",
      headers: headersOf(target, request),
      body: bodyOf(request),
      signal: request.signal,
      // The run has one time limit, and the signal is it.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    return await resultOf(target, response);
  } catch (error) {
    request.signal.throwIfAborted();
    if (error instanceof HeadworksError) throw error;
    throw new HeadworksError({
      code: "TARGET_UNREACHABLE",
      message: `${placeOf(target)} did not answer: ${messageOf(error)}`,
      hint: "see that the endpoint runs, and that its address is right",
      cause: error,
    });
  }
}

function headersOf(target: HttpTarget, request: TargetRequest): Record<string, string> {
  const headers = new Headers(target.headers ?? {});
  headers.set("content-type", "application/json");
  headers.set("accept", "application/json");
  headers.set("traceparent", request.traceparent);
  return Object.fromEntries(headers);
}

function bodyOf({ pipeline, processor, partition, namespace, run, attempt, payload }: TargetRequest): string {
  return writeExactly({ pipeline, processor, partition, namespace, run, attempt, payload });
}

async function resultOf(target: HttpTarget, response: Dispatcher.ResponseData): Promise<TargetResult> {
  const { statusCode } = response;
  if (statusCode < 200 || statusCode > 299) throw await refusal(target, response);
  const body = await readBody(response, MAX_RESULT_BYTES);
  if (body.cut)
    throw invalidResult(`the answer of ${placeOf(target)} has more than ${MAX_RESULT_BYTES} bytes`);
  return parseTargetResult(body.text, `in the answer of ${placeOf(target)}`);
}

async function refusal(target: HttpTarget, response: Dispatcher.ResponseData): Promise<HeadworksError> {
  const { statusCode, headers } = response;
  const { text } = await readBody(response, MAX_QUOTED_BYTES);
  const message = `${placeOf(target)} answered ${statusCode}${text.trim() === "" ? "" : `: ${text.trim()}`}`;
  const retryAfterMs = findRetryAfterMs(headerOf(headers["retry-after"]), Date.now());
  if ((statusCode === 429 || statusCode === 503) && retryAfterMs !== undefined) {
    return new TargetBusyError(message, retryAfterMs);
  }
  const hint =
    statusCode < 500
      ? "see that the address, the method (POST) and the headers are what the endpoint wants"
      : "look into the endpoint's own log";
  return new HeadworksError({ code: "TARGET_STATUS", message, hint });
}

/** The beginning of the body; the rest of one that is too long is never read. */
async function readBody(
  response: Dispatcher.ResponseData,
  maxBytes: number,
): Promise<{ text: string; cut: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) break;
  }
  const bytes = Buffer.concat(chunks).subarray(0, maxBytes);
  const { text } = decodeText(bytes, headerOf(response.headers["content-type"]));
  return { text, cut: length > maxBytes };
}

function headerOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** The address without what may be secret in it. */
function placeOf(target: HttpTarget): string {
  const { origin, pathname } = new URL(target.url);
  return origin + pathname;
}
