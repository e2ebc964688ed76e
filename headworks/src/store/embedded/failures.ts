// Turns what the system and PostgreSQL report when the embedded server can't be had into errors that say what to do.

import { HeadworksError, messageOf } from "../../domain/error.ts";

const unwritable = new Set([
  "EACCES",
  "EPERM",
  "EROFS",
  "ENOENT",
  "ENOTDIR",
  "EEXIST",
  "ENAMETOOLONG",
  "ELOOP",
]);
const full = new Set(["ENOSPC", "EDQUOT"]);
const saysFull = /no space left on device|disk quota exceeded/i;
const shownLines = 15;

/** The system's code of an error (`ENOENT`), where it has one. */
export function errorCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string"
    ? thrown.code
    : undefined;
}

/**
 * Runs an action on files of the data directory. What the system refuses becomes a HeadworksError:
 * DATA_DIR_UNWRITABLE or DISK_FULL. Everything else passes through.
 */
export async function explainingFileErrors<T>(dataDir: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (thrown) {
    throw explained(dataDir, thrown);
  }
}

function explained(dataDir: string, thrown: unknown): unknown {
  const code = errorCode(thrown) ?? "";
  if (thrown instanceof HeadworksError) return thrown;
  if (full.has(code)) return diskFull(`the disk of the data directory ${dataDir} is full`, thrown);
  if (!unwritable.has(code)) return thrown;
  return new HeadworksError({
    code: "DATA_DIR_UNWRITABLE",
    message: `the data directory ${dataDir} cannot be used: ${messageOf(thrown)}`,
    hint: "make it a directory that you own and may write to, choose another with --data-dir, or set DATABASE_URL",
    cause: thrown,
  });
}

/** A program of PostgreSQL failed; `output` is what it said, of which the last lines are shown. */
export function programFailure(code: string, message: string, output: string): HeadworksError {
  const said = `${message}\n${lastLines(output)}`;
  if (saysFull.test(output)) return diskFull(said);
  return new HeadworksError({
    code,
    message: said,
    hint: "fix what these lines say, choose another place with --data-dir, or set DATABASE_URL to use a PostgreSQL of your own",
  });
}

function diskFull(message: string, cause?: unknown): HeadworksError {
  const hint =
    "free some space (a new database takes 60 MB), or choose a directory on another disk with --data-dir";
  return new HeadworksError({ code: "DISK_FULL", message, hint, cause });
}

function lastLines(output: string): string {
  const lines = output.trimEnd().split("\n").slice(-shownLines);
  return lines.map((line) => `  ${line}`).join("\n");
}
