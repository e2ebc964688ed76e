// Turns what was thrown into what is kept with the run: texts of bounded length, without secrets.

import { HeadworksError } from "../domain/error.ts";
import type { KeptError } from "./finished-run.ts";

const MESSAGE_CHARACTERS = 4_000;
const STACK_CHARACTERS = 16_000;

export function keptError(thrown: unknown, redact: (text: string) => string): KeptError {
  const clean = (text: string, limit: number) =>
    redact(text.slice(0, limit)).replaceAll("\0", "\uFFFD").toWellFormed();
  if (!(thrown instanceof Error)) {
    return {
      name: typeof thrown,
      code: null,
      message: clean(String(thrown), MESSAGE_CHARACTERS),
      hint: null,
      stack: null,
    };
  }
  const code = "code" in thrown && typeof thrown.code === "string" ? thrown.code : null;
  return {
    name: thrown.name,
    code,
    message: clean(thrown.message, MESSAGE_CHARACTERS),
    hint: thrown instanceof HeadworksError ? clean(thrown.hint, MESSAGE_CHARACTERS) : null,
    stack: clean(stackOf(thrown), STACK_CHARACTERS),
  };
}

function stackOf(error: Error): string {
  const own = error.stack ?? String(error);
  return error.cause instanceof Error ? `${own}\nCaused by: ${stackOf(error.cause)}` : own;
}
