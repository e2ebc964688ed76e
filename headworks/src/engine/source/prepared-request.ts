// Turns what a processor asks for into a request: its address, its headers, and the hash that names it in the archive.

import { createHash } from "node:crypto";
import type { RequestOptions } from "../../define/context.ts";
import type { Source } from "../../define/source.ts";
import { HeadworksError } from "../../domain/error.ts";
import type { Identity } from "./identity.ts";

type Method = NonNullable<RequestOptions["method"]>;

export interface PreparedRequest {
  method: Method;
  url: URL;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
  /** `GET https://…`, for people: bounded, and without secrets. */
  label: string;
}

/** Sent unless the source or the request says otherwise. */
interface RequestDefaults {
  userAgent: string;
  traceparent: string;
}

const LABEL_LENGTH = 500;

/** Prepares a request. Throws REQUEST_INVALID for a path that isn't within the source's origin. */
export function prepareRequest(
  source: Source,
  path: string,
  options: RequestOptions,
  identity: Identity,
  defaults: RequestDefaults,
): PreparedRequest {
  const method = options.method ?? "GET";
  const url = addressOf(source, path, options.query ?? {});
  const body = options.json === undefined ? undefined : JSON.stringify(options.json);
  return {
    method,
    url,
    label: labelOf(method, url, identity),
    headers: {
      accept: "*/*",
      "accept-encoding": "gzip, br",
      "user-agent": defaults.userAgent,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...lowerCased(source.headers ?? {}),
      ...lowerCased(options.headers ?? {}),
      ...identity.headers,
      traceparent: defaults.traceparent,
    },
    body,
  };
}

/** SHA-256 in hex of method, URL and body. The order of the query's parameters doesn't matter, nor do the headers. */
export function requestHash(request: PreparedRequest): string {
  const url = new URL(request.url);
  url.searchParams.sort();
  return createHash("sha256")
    .update(`${request.method}\n${url.href}\n${request.body ?? ""}`)
    .digest("hex");
}

/** How a request is called in messages. */
export function labelOf(method: Method, url: URL, identity: Identity): string {
  const address = identity.redact(url.href);
  return `${method} ${address.length > LABEL_LENGTH ? `${address.slice(0, LABEL_LENGTH)}…` : address}`;
}

/** A full URL is taken as it is, so that a source's own links can be followed; anything else goes below the base URL. */
function addressOf(source: Source, path: string, query: NonNullable<RequestOptions["query"]>): URL {
  const base = new URL(source.baseUrl);
  const isFull = /^[a-z][a-z0-9+.-]*:/i.test(path);
  const text = isFull ? path : `${base.origin}${base.pathname.replace(/\/$/, "")}/${path.replace(/^\//, "")}`;
  if (!URL.canParse(text)) throw invalid(source, `"${path}" is no path`, "write it as /path?query");
  const url = new URL(text);
  if (url.origin !== base.origin) {
    throw invalid(
      source,
      `${url.origin} is not its origin, ${base.origin}`,
      "declare another source for that host, with limits of its own",
    );
  }
  if (base.username || base.password || url.username || url.password) {
    throw invalid(
      source,
      "its address holds a user or a password",
      'take them out, and sign in with auth: basic("user", secret("PASSWORD"))',
    );
  }
  url.hash = "";
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.append(name, String(value));
  }
  return url;
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function invalid(source: Source, message: string, hint: string): HeadworksError {
  return new HeadworksError({ code: "REQUEST_INVALID", message: `source ${source.name}: ${message}`, hint });
}
