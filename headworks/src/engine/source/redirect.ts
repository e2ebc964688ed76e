// Follows redirects. Each hop goes through the source's gate, so that no redirecting source gets more requests than it allows.
// (undici's interceptor would send the hops by itself, past the rate limit.)

import { SourceError } from "../../domain/retry-later-error.ts";
import type { Answer } from "./exchange.ts";
import type { Identity } from "./identity.ts";
import { labelOf, type PreparedRequest } from "./prepared-request.ts";

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** What another origin may see of the request: never a header that could sign it. */
const HARMLESS = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "content-type",
  "traceparent",
  "user-agent",
]);

/** Sends a request, and those that it is redirected to. Throws SOURCE_REDIRECT for too many, or an address that is none. */
export async function followRedirects(
  request: PreparedRequest,
  identity: Identity,
  send: (request: PreparedRequest) => Promise<Answer>,
): Promise<Answer> {
  let current = request;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const answer = await send(current);
    const { location } = answer.headers;
    if (location === undefined || !REDIRECTS.has(answer.status)) return answer;
    current = redirected(current, answer.status, location, identity);
  }
  throw failure(request, `was redirected more than ${MAX_REDIRECTS} times`);
}

/** The request to make next. Source: RFC 9110, section 15.4, and what browsers do. */
function redirected(
  request: PreparedRequest,
  status: number,
  location: string,
  identity: Identity,
): PreparedRequest {
  const url = URL.parse(location, request.url.href);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw failure(request, `was redirected to "${identity.redact(location)}", which is no web address`);
  }
  url.username = "";
  url.password = "";
  const becomesGet =
    (status === 303 && request.method !== "HEAD") || (status < 303 && request.method === "POST");
  const method = becomesGet ? "GET" : request.method;
  const sameOrigin = url.origin === request.url.origin;
  const headers = Object.entries(request.headers).filter(
    ([name]) => (sameOrigin || HARMLESS.has(name)) && !(becomesGet && name === "content-type"),
  );
  return {
    method,
    url,
    headers: Object.fromEntries(headers),
    body: becomesGet ? undefined : request.body,
    label: labelOf(method, url, identity),
  };
}

function failure(request: PreparedRequest, what: string): SourceError {
  return new SourceError({
    code: "SOURCE_REDIRECT",
    message: `${request.label} ${what}`,
    hint: "open the address in a browser and put the one it ends at into the source or the processor",
  });
}
