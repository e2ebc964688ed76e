// The record of a response: what of it is kept in the database, besides the body in the archive.

import type { Source } from "../../define/source.ts";
import type { RawDocument } from "../../store/history/documents.ts";
import type { Answer } from "./exchange.ts";
import type { Identity } from "./identity.ts";
import { type PreparedRequest, requestHash } from "./prepared-request.ts";

/** Headers that say something of the content, of paging or of limits. All others may hold cookies and the like. */
const KEPT =
  /^(content-(type|length|language|disposition)|etag|last-modified|date|age|expires|cache-control|vary|link|location|retry-after|(x-)?rate-?limit(-.+)?|x-(total|page|per-page|next|prev)(-.+)?)$/;

/** The record of the answer to a request, whose body is in the archive as `hash`. */
export function documentOf(
  source: Source,
  request: PreparedRequest,
  answer: Answer,
  hash: string,
  identity: Identity,
): RawDocument {
  return {
    source: source.name,
    method: request.method,
    url: identity.redact(answer.url.href),
    requestHash: requestHash(request),
    status: answer.status,
    headers: keptHeaders(answer.headers, identity),
    hash,
    bytes: answer.body.length,
    durationMs: answer.durationMs,
    fetchedAt: answer.fetchedAt,
  };
}

function keptHeaders(headers: Record<string, string>, identity: Identity): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => KEPT.test(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, identity.redact(value)]));
}
