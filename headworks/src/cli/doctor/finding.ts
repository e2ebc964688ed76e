// One line of the doctor's report.

import type { Finding } from "../../contract/printed.ts";
import { HeadworksError, messageOf } from "../../domain/error.ts";

export const ok = (check: string, message: string): Finding => ({ check, state: "ok", message, hint: null });

export const warn = (check: string, message: string, hint: string): Finding => ({
  check,
  state: "warn",
  message,
  hint,
});

export const fail = (check: string, message: string, hint: string): Finding => ({
  check,
  state: "fail",
  message,
  hint,
});

/** A failed check from what was thrown. */
export function failed(check: string, thrown: unknown): Finding {
  if (thrown instanceof HeadworksError) return fail(check, thrown.message, thrown.hint);
  return fail(check, messageOf(thrown), "fix what this says, then run `headworks doctor` again");
}
