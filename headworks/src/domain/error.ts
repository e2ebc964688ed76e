// The one error class of Headworks: a stable code to match on, a message that says what is wrong, a hint that says what to do.

/** What every error of Headworks carries. `code` never changes between versions; the texts may. */
export interface ErrorDescription {
  code: string;
  message: string;
  hint: string;
  cause?: unknown;
}

/** Thrown for everything a user can cause or fix. Programming faults stay plain errors. */
export class HeadworksError extends Error {
  override readonly name = "HeadworksError";
  readonly code: string;
  readonly hint: string;

  constructor(description: ErrorDescription) {
    super(description.message, description.cause === undefined ? {} : { cause: description.cause });
    this.code = description.code;
    this.hint = description.hint;
  }
}

/** The message of anything that was thrown, also of things that aren't errors. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
