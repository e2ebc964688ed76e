// Reads a response as JSON of a given shape, or says where it differs.

import type { z } from "zod";
import type { SourceResponse } from "../../define/context.ts";
import { HeadworksError } from "../../domain/error.ts";
import { textOf } from "./content.ts";
import { snippetOf } from "./status-error.ts";

const ISSUES_SHOWN = 5;

/** Throws RESPONSE_NOT_JSON or RESPONSE_INVALID. `label` names the request, `redact` takes secrets out of what is quoted. */
export async function readJson<T>(
  response: SourceResponse,
  schema: z.ZodType<T>,
  request: { label: string },
  redact: (text: string) => string,
): Promise<T> {
  const value = parseJson(response, request.label, redact);
  const result = await schema.safeParseAsync(value);
  if (result.success) return result.data;
  const { issues } = result.error;
  const shown = issues.slice(0, ISSUES_SHOWN).map((issue) => `${formatPath(issue.path)}: ${issue.message}`);
  const more = issues.length > ISSUES_SHOWN ? `; and ${issues.length - ISSUES_SHOWN} more` : "";
  throw new HeadworksError({
    code: "RESPONSE_INVALID",
    message: `the response to ${request.label} doesn't fit its schema: ${redact(shown.join("; "))}${more} (archived as ${response.hash})`,
    hint: "compare the archived response with the schema: either the source has changed, or the schema asks too much",
  });
}

function parseJson(response: SourceResponse, label: string, redact: (text: string) => string): unknown {
  try {
    return JSON.parse(textOf(response));
  } catch {
    throw new HeadworksError({
      code: "RESPONSE_NOT_JSON",
      // The parser's own message would quote the body, too.
      message: `the response to ${label} isn't JSON but ${snippetOf(response, redact) || "empty"} (status ${response.status}, archived as ${response.hash})`,
      hint: "look at the archived response: the source may have sent an error page, or the path may be wrong",
    });
  }
}

/** `games[0].id`; `response` for the whole. */
function formatPath(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return text.replace(/^\./, "") || "response";
}
