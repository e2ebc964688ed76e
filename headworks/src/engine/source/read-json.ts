// Reads a response as JSON of a given shape, or says where it differs.

import type { z } from "zod";
import type { SourceResponse } from "../../define/context.ts";
import { HeadworksError } from "../../domain/error.ts";
import { describeSchemaIssues } from "../schema-issues.ts";
import { textOf } from "./content.ts";
import { snippetOf } from "./status-error.ts";

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
  const issues = redact(describeSchemaIssues(result.error, "response"));
  throw new HeadworksError({
    code: "RESPONSE_INVALID",
    message: `the response to ${request.label} doesn't fit its schema: ${issues} (archived as ${response.hash})`,
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
