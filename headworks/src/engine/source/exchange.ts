// One request and its response, to the last byte, within its time limit.

import type { Dispatcher } from "undici";
import { startTimer } from "../timer.ts";
import { decodeBody } from "./content.ts";
import { damaged, isTooLarge, timedOut, tooLarge, unsent } from "./exchange-failure.ts";
import type { PreparedRequest } from "./prepared-request.ts";

export interface Answer {
  url: URL;
  status: number;
  /** Lower-case names; values that came several times are joined by commas. */
  headers: Record<string, string>;
  /** Decoded. */
  body: Uint8Array;
  durationMs: number;
  /** ISO 8601. */
  fetchedAt: string;
}

export interface ExchangeLimits {
  timeoutMs: number;
  /** Of the body, encoded and decoded. */
  maxBytes: number;
}

/**
 * Sends a request once. Throws the signal's reason, or SourceError: SOURCE_TIMEOUT, SOURCE_UNREACHABLE, RESPONSE_TOO_LARGE,
 * RESPONSE_DAMAGED, REQUEST_INVALID. The dispatcher is to be made with `maxResponseSize`.
 */
export async function exchange(
  dispatcher: Dispatcher,
  request: PreparedRequest,
  limits: ExchangeLimits,
  signal: AbortSignal,
): Promise<Answer> {
  const began = performance.now();
  const received = await withinTime(request, limits.timeoutMs, signal, (deadline) =>
    receive(dispatcher, request, deadline).catch((error) => {
      throw isTooLarge(error) ? tooLarge(request, limits.maxBytes) : unsent(request, error);
    }),
  );
  const durationMs = Math.round(performance.now() - began);
  const { "content-encoding": encoding, ...headers } = received.headers;
  const body = await decodeBody(received.body, encoding, limits.maxBytes).catch((error) => {
    throw isTooLarge(error) ? tooLarge(request, limits.maxBytes) : damaged(request, error);
  });
  // It was the length of the encoded body.
  if (body !== received.body) delete headers["content-length"];
  const fetchedAt = new Date().toISOString();
  return { url: request.url, status: received.status, headers, body, durationMs, fetchedAt };
}

async function receive(dispatcher: Dispatcher, request: PreparedRequest, signal: AbortSignal) {
  const { statusCode, headers, body } = await dispatcher.request({
    origin: request.url.origin,
    path: request.url.pathname + request.url.search,
    method: request.method,
    headers: request.headers,
    body: request.body ?? null,
    signal,
    // The time limit of the whole exchange is ours.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return { status: statusCode, headers: joined(headers), body: await body.bytes() };
}

/** Also ends what undici can't abort: a request that waits for its connection to be made. */
async function withinTime<T>(
  request: PreparedRequest,
  timeoutMs: number,
  signal: AbortSignal,
  work: (deadline: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    controller.signal.addEventListener("abort", () => reject(controller.signal.reason), { once: true });
  });
  const abort = () => controller.abort(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  const timer = startTimer(() => controller.abort(timedOut(request, timeoutMs)), timeoutMs);
  try {
    return await Promise.race([ended, work(controller.signal)]);
  } finally {
    timer.clear();
    signal.removeEventListener("abort", abort);
  }
}

function joined(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const present = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value] as const],
  );
  return Object.fromEntries(present);
}
