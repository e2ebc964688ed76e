// Answers requests from the archive, as the source answered them last, without touching the network.

import type { SourceResponse } from "../../define/context.ts";
import { HeadworksError } from "../../domain/error.ts";
import type { Database } from "../../store/database.ts";
import { findDocument } from "../../store/history/sources.ts";
import type { Archive } from "./archive.ts";
import { type PreparedRequest, requestHash } from "./prepared-request.ts";

/**
 * The newest response to this request that wasn't an error; with `orMissing`, 404 and 410 count too.
 * Throws ARCHIVE_MISS, or ARCHIVE_DAMAGED.
 */
export async function replay(
  stores: { database: Database; archive: Archive },
  source: string,
  request: PreparedRequest,
  orMissing: boolean,
): Promise<SourceResponse> {
  const document = await findDocument(stores.database, source, requestHash(request), orMissing);
  if (document === undefined) throw miss(request, "no response to it was archived");
  const body = await stores.archive.get(document.hash);
  if (body === undefined) throw miss(request, `the archived body ${document.hash} is gone`);
  return { ...document, body };
}

function miss(request: PreparedRequest, why: string): HeadworksError {
  return new HeadworksError({
    code: "ARCHIVE_MISS",
    message: `${request.label} can't be repeated: ${why}`,
    hint: "run once without --from-archive, which fetches and archives it",
  });
}
