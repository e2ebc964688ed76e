// The edge: every error is shown once, here, and decides the exit code.

import { HeadworksError, messageOf } from "../domain/error.ts";
import { type Paint, plainPaint } from "./render/output.ts";

/** What a command exits with. */
export const EXIT = {
  fine: 0,
  /** Something is wrong with the data: a run failed, health is not good. */
  wrong: 1,
  /** A usage or configuration mistake. */
  usage: 2,
  /** The database can't be reached. */
  unreachable: 3,
  /** A fault of Headworks. */
  internal: 70,
  interrupted: 130,
  terminated: 143,
} as const;

/** Codes of errors that are about the database not being there; all others of Headworks are about usage. */
const UNREACHABLE = /^(DATABASE_UNREACHABLE|DATABASE_REFUSED|DISK_FULL|EMBEDDED_\w+)$/;
const INTERNAL = /^RUNNER_FAILED$/;

export interface Presented {
  lines: string[];
  exitCode: number;
}

/** What to say of an error, and what to exit with. */
export function presentError(thrown: unknown, paint: Paint = plainPaint): Presented {
  if (thrown instanceof HeadworksError) {
    return { exitCode: exitCodeOf(thrown), lines: describeError(thrown, paint) };
  }
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  const lines = [
    `${paint("red", "error:")} ${messageOf(thrown)}`,
    paint("cyan", "→ this is a fault of Headworks; please report it with what follows"),
    paint("dim", stack),
  ];
  return { exitCode: EXIT.internal, lines };
}

/** The same for `--json`: one object on stderr. */
export function presentErrorAsJson(thrown: unknown): Presented {
  const isOurs = thrown instanceof HeadworksError;
  const error = {
    code: isOurs ? thrown.code : "INTERNAL",
    message: messageOf(thrown),
    hint: isOurs ? thrown.hint : "this is a fault of Headworks; please report it",
    ...(isOurs && "problems" in thrown ? { problems: thrown.problems } : {}),
    ...(!isOurs && thrown instanceof Error ? { stack: thrown.stack } : {}),
  };
  return {
    lines: [JSON.stringify({ error })],
    exitCode: isOurs ? exitCodeOf(thrown) : EXIT.internal,
  };
}

/** The lines of an error that a person can fix: what, what to do, the code to look for. */
function describeError(error: HeadworksError, paint: Paint = plainPaint): string[] {
  return [
    `${paint("red", "error:")} ${error.message}`,
    `${paint("cyan", `→ ${error.hint}`)} ${paint("dim", `[${error.code}]`)}`,
  ];
}

function exitCodeOf(error: HeadworksError): number {
  if (UNREACHABLE.test(error.code)) return EXIT.unreachable;
  return INTERNAL.test(error.code) ? EXIT.internal : EXIT.usage;
}
