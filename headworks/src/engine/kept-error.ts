// Turns what was thrown into what is kept with the run: texts of bounded length, without secrets.

import { HeadworksError } from "../domain/error.ts";
import { cutText, storableText } from "../telemetry/storable.ts";
import type { KeptError } from "./finished-run.ts";

const MESSAGE_BYTES = 4_096;
const STACK_BYTES = 16_384;

export function keptError(thrown: unknown, redact: (text: string) => string): KeptError {
  // Redacted before it is cut: half a secret would be recognised by nobody.
  const clean = (text: string, bytes: number) => cutText(storableText(redact(text)), bytes);
  if (!(thrown instanceof Error)) {
    return {
      name: typeof thrown,
      code: null,
      message: clean(String(thrown), MESSAGE_BYTES),
      hint: null,
      stack: null,
    };
  }
  const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : null;
  return {
    name: thrown.name,
    code,
    message: clean(thrown.message, MESSAGE_BYTES),
    hint: thrown instanceof HeadworksError ? clean(thrown.hint, MESSAGE_BYTES) : null,
    stack: clean(stackOf(thrown), STACK_BYTES),
  };
}

function stackOf(error: Error): string {
  const own = error.stack ?? String(error);
  return error.cause instanceof Error ? `${own}\nCaused by: ${stackOf(error.cause)}` : own;
}
