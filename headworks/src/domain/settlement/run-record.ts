// What a run leaves besides rows and counts, as it is kept with its history.

/** The error of a run as it is kept: texts only, secrets redacted. */
export interface KeptError {
  name: string;
  code: string | null;
  message: string;
  hint: string | null;
  stack: string | null;
}

/** How far a run says it has come; `total` is null when it doesn't know. */
export interface Progress {
  done: number;
  total: number | null;
}

/** What distinguishes one measurement of a name from another. */
export type Labels = Record<string, string>;
