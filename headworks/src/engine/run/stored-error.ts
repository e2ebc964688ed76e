// Turns what was thrown into what is kept with the run: texts of bounded length, without secrets.

import { z } from "zod";
import { HeadworksError } from "../../domain/error.ts";
import type { KeptError } from "../../domain/settlement/run-record.ts";
import { cutText, storableText } from "../../telemetry/storable.ts";
import { describeSchemaIssues } from "../schema-issues.ts";

const MESSAGE_BYTES = 4_096;
const STACK_BYTES = 16_384;

/** How many causes of an error are told. */
const CAUSES = 5;

/** Whatever was thrown can be kept: a value that fails when it is looked at is kept as such. */
export function keptError(thrown: unknown, redact: (text: string) => string): KeptError {
  // Redacted before it is cut: half a secret would be recognized by nobody.
  const clean = (text: unknown, bytes: number) => cutText(storableText(redact(String(text))), bytes);
  try {
    return thrown instanceof Error
      ? keptFrom(thrown, clean)
      : bareError(typeof thrown, clean(thrown, MESSAGE_BYTES));
  } catch {
    return bareError(typeof thrown, "what was thrown can't be written as text");
  }
}

function keptFrom(error: Error, clean: (text: unknown, bytes: number) => string): KeptError {
  const code = "code" in error && typeof error.code === "string" ? error.code : null;
  return {
    name: clean(error.name, MESSAGE_BYTES),
    code: code && clean(code, MESSAGE_BYTES),
    message: clean(messageOf(error), MESSAGE_BYTES),
    hint: error instanceof HeadworksError ? clean(error.hint, MESSAGE_BYTES) : null,
    stack: clean(stackOf(error), STACK_BYTES),
  };
}

/** Zod's own message is JSON over many lines. */
function messageOf(error: Error): string {
  return error instanceof z.ZodError
    ? `what was read doesn't fit its schema: ${describeSchemaIssues(error, "value")}`
    : error.message;
}

function bareError(name: string, message: string): KeptError {
  return { name, code: null, message, hint: null, stack: null };
}

function stackOf(error: Error, causesLeft = CAUSES): string {
  const own = error.stack ?? String(error);
  const hasCause = error.cause instanceof Error && causesLeft > 0;
  return hasCause ? `${own}\nCaused by: ${stackOf(error.cause as Error, causesLeft - 1)}` : own;
}
