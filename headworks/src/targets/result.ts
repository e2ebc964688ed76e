// Reads the result that a command or an endpoint gives of its run: JSON, checked against one schema.

import { z } from "zod";
import { HeadworksError, messageOf } from "../domain/error.ts";
import type { TargetResult } from "./request.ts";

/** The longest result that is read, in bytes. */
export const MAX_RESULT_BYTES = 1_048_576;

const resultSchema: z.ZodType<TargetResult> = z
  .strictObject({
    records: z.int().min(0).exactOptional(),
    outcome: z.enum(["no_data_available", "dependency_missing"]).exactOptional(),
    note: z.string().exactOptional(),
    waitsFor: z.strictObject({ processor: z.string(), partition: z.string() }).exactOptional(),
    metrics: z.record(z.string(), z.unknown()).exactOptional(),
  })
  .refine(({ waitsFor, outcome }) => waitsFor === undefined || outcome === "dependency_missing", {
    path: ["waitsFor"],
    error: "only a run that ends as dependency_missing waits for something",
  })
  .refine(({ records = 0, outcome }) => records === 0 || outcome === undefined, {
    path: ["outcome"],
    error: "a run with records can't end as one without data",
  });

/** The result in `text`; nothing at all is the empty result. Throws TARGET_RESULT_INVALID, saying that it came `from` there. */
export function parseTargetResult(text: string, from: string): TargetResult {
  const body = text.replace(/^\uFEFF/, "").trim();
  if (body === "") return {};
  const parsed = resultSchema.safeParse(parseJson(body, from));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join(".") || "it"}: ${issue.message}`);
  throw invalidResult(`the result ${from} is not of the right form: ${faults.join("; ")}`);
}

/** The error for a result that can't be used. */
export function invalidResult(message: string, cause?: unknown): HeadworksError {
  const hint =
    'give JSON such as { "records": 12, "metrics": { "pages": 3 } }, or { "outcome": "no_data_available", "note": "…" }, or nothing';
  return new HeadworksError({ code: "TARGET_RESULT_INVALID", message, hint, cause });
}

/** Texts, and the numbers that some languages write and JSON hasn't. */
const NO_NUMBERS = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/** NaN and the infinities become null, which is refused or warned of where it stands: one bad metric doesn't fail a run. */
function parseJson(text: string, from: string): unknown {
  try {
    return JSON.parse(text.replace(NO_NUMBERS, (found) => (found.startsWith('"') ? found : "null")));
  } catch (error) {
    throw invalidResult(`the result ${from} is not JSON: ${messageOf(error)}`, error);
  }
}
