// What a processor gets from ctx.http(source): requests that are limited, retried, checked and archived.

import type { RequestOptions, SourceClient, SourceResponse } from "../../define/context.ts";
import { stretched } from "../../domain/dispatch/retry-storm.ts";
import type { SourceConnection } from "./connection.ts";
import { textOf } from "./content.ts";
import { documentOf } from "./document.ts";
import { exchange } from "./exchange.ts";
import { type PreparedRequest, prepareRequest } from "./prepared-request.ts";
import { readJson } from "./read-json.ts";
import { followRedirects } from "./redirect.ts";
import { replay } from "./replay.ts";
import { withRetries } from "./retry.ts";
import type { RunAccess } from "./run-access.ts";
import { statusError } from "./status-error.ts";

const IDEMPOTENT = new Set(["GET", "HEAD", "PUT", "DELETE"]);
const JSON_WANTED = { accept: "application/json" };

/** A client of one source for one run. */
export function openSourceClient(connection: SourceConnection, access: RunAccess): SourceClient {
  const { source, identity } = connection;

  async function ask(path: string, options: RequestOptions, orMissing: boolean) {
    access.signal.throwIfAborted();
    const defaults = { userAgent: connection.userAgent, traceparent: access.traceparent };
    const request = prepareRequest(source, path, options, identity, defaults);
    const response = access.fromArchive
      ? await replay(connection, source.name, request, orMissing)
      : await fetchResponse(connection, access, request, options.retryUnsafe ?? false);
    const missing = isMissing(response) && orMissing;
    if (response.status >= 400 && !missing) throw statusError(response, request, identity.redact);
    return { request, response };
  }

  return {
    async json(path, schema, options = {}) {
      const { request, response } = await ask(path, wantingJson(options), false);
      return readJson(response, schema, request, identity.redact);
    },
    async findJson(path, schema, options = {}) {
      const { request, response } = await ask(path, wantingJson(options), true);
      return isMissing(response) ? undefined : readJson(response, schema, request, identity.redact);
    },
    async text(path, options = {}) {
      return textOf((await ask(path, options, false)).response);
    },
    async request(path, options = {}) {
      return (await ask(path, options, false)).response;
    },
  };
}

/** Every response of every try is archived and recorded, also the failed ones; of redirects, what they end at. */
async function fetchResponse(
  connection: SourceConnection,
  access: RunAccess,
  request: PreparedRequest,
  retryUnsafe: boolean,
): Promise<SourceResponse> {
  const { source, identity, gate, dispatcher, limits, archive, storms, retries } = connection;
  const { signal } = access;
  const send = (hop: PreparedRequest) =>
    gate.pass(signal, () => {
      access.onRequest();
      return exchange(dispatcher, hop, limits, signal);
    });
  const maxRetries = IDEMPOTENT.has(request.method) || retryUnsafe ? retries.maxRetries : 0;
  const backoff = storms.isStorm("source", source.name) ? stretched(retries.backoff) : retries.backoff;
  let hash = "";
  let tries = 0;
  const answer = await withRetries({ ...retries, maxRetries, backoff }, signal, async () => {
    tries += 1;
    storms.started("source", source.name, tries > 1);
    const received = await followRedirects(request, identity, send);
    hash = await archive.put(received.body);
    access.keepDocument(documentOf(source, request, received, hash, identity));
    return received;
  });
  return { status: answer.status, url: answer.url.href, headers: answer.headers, body: answer.body, hash };
}

function isMissing(response: SourceResponse): boolean {
  return response.status === 404 || response.status === 410;
}

function wantingJson(options: RequestOptions): RequestOptions {
  return { ...options, headers: { ...JSON_WANTED, ...options.headers } };
}
