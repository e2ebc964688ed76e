// Reads a response as JSON of a given shape, or says where it differs.

import type { z } from "zod";
import type { SourceResponse } from "../../define/context.ts";
import { decodeText } from "../../domain/charset.ts";
import { HeadworksError } from "../../domain/error.ts";
import { type ExactJson, findRounded, parseExactly } from "../../domain/exact-json.ts";
import { describeSchemaIssues } from "../schema-issues.ts";
import { snippetOf } from "./status-error.ts";

/** Throws RESPONSE_NOT_JSON or RESPONSE_INVALID. `label` names the request, `redact` takes secrets out of what is quoted. */
export async function readJson<T>(
  response: SourceResponse,
  schema: z.ZodType<T>,
  request: { label: string },
  redact: (text: string) => string,
): Promise<T> {
  const { value, rounded } = parseJson(response, request.label, redact);
  const result = await schema.safeParseAsync(value);
  const digits = result.success ? findRounded(result.data, rounded) : undefined;
  if (digits !== undefined) throw tooLargeForNumber(response, request.label, digits);
  if (result.success) return result.data;
  const issues = redact(describeSchemaIssues(result.error, "response"));
  throw new HeadworksError({
    code: "RESPONSE_INVALID",
    message: `the response to ${request.label} doesn't fit its schema: ${issues} (archived as ${response.hash})`,
    hint: hintFor(rounded),
  });
}

function hintFor(rounded: ReadonlyMap<number, string>): string {
  const [digits] = rounded.values();
  if (digits !== undefined)
    return `integers such as ${digits} are too large for a number, and come as a bigint: use z.coerce.bigint() or z.coerce.string() for them`;
  return "compare the archived response with the schema: either the source has changed, or the schema asks too much";
}

function tooLargeForNumber({ hash }: SourceResponse, label: string, digits: string): HeadworksError {
  return new HeadworksError({
    code: "RESPONSE_INVALID",
    message: `the response to ${label} holds ${digits}, which its schema makes a number of and so rounds (archived as ${hash})`,
    hint: "use z.coerce.bigint() or z.coerce.string() for such a field",
  });
}

function parseJson(response: SourceResponse, label: string, redact: (text: string) => string): ExactJson {
  const { text, valid, charset } = decodeText(response.body, response.headers["content-type"]);
  try {
    if (valid) return parseExactly(text);
  } catch {
    // Told below: the parser's own message would quote the body, too.
  }
  const what = valid
    ? `but ${snippetOf(response, redact) || "empty"}`
    : `since not all of it is valid ${charset}`;
  throw new HeadworksError({
    code: "RESPONSE_NOT_JSON",
    message: `the response to ${label} isn't JSON ${what} (status ${response.status}, archived as ${response.hash})`,
    hint: "look at the archived response: the source may have sent an error page, or the path may be wrong",
  });
}
