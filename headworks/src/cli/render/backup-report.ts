// What the commands of backups say, and how they are interrupted.

import type { BackupProgress } from "../../engine/backup/take.ts";
import { count } from "../../inspect/health.ts";
import type { Manifest } from "../../store/backup/manifest.ts";
import { EXIT } from "../errors.ts";
import { listenForInterruption } from "../interruption.ts";
import { writeMessage } from "./output.ts";
import { openProgressLine } from "./progress-line.ts";
import { formatBytes } from "./sizes.ts";

/** Lines about what is in a backup. */
export function describeContents({ tables, files }: Manifest): string {
  const parts = [many(tables.length, "table"), many(rowsOf(tables), "row")];
  if (files === null) return `${parts.join(", ")}; without files`;
  return [...parts, many(files.archive.files, "response"), many(files.artifacts.files, "artifact")].join(
    ", ",
  );
}

/** What a person should know of what is not in it. */
export function remarksOn({ left_out, files }: Manifest): string[] {
  const foreign = left_out.filter((each) => !each.startsWith("headworks."));
  const missing = (files?.archive.missing ?? 0) + (files?.artifacts.missing ?? 0);
  const damaged = files?.archive.differing ?? 0;
  return [
    ...foreign.map((each) => `not in it: ${each}`),
    ...(missing > 0
      ? [
          `not in it: ${many(missing, "file")} that the database names and that ${missing === 1 ? "is" : "are"} not there`,
        ]
      : []),
    ...(damaged > 0
      ? [
          `not in it: ${many(damaged, "response")} of the archive that ${damaged === 1 ? "is" : "are"} damaged`,
        ]
      : []),
  ];
}

/** For `--json`. */
export function contentsAsJson(manifest: Manifest) {
  const { taken_at, database, postgres, code_version, migrations, tables, files, left_out } = manifest;
  return {
    taken_at,
    database,
    postgres,
    code_version,
    migration: migrations.at(-1)?.version ?? 0,
    rows: rowsOf(tables),
    tables: tables.map(({ schema, name, rows, digest }) => ({ schema, name, rows, digest })),
    files,
    left_out,
  };
}

/**
 * Does long work with a line of progress. Ctrl-C and SIGTERM end it between two pieces, so that it can clear up; then
 * undefined comes back and the exit code is set.
 */
export async function withProgress<T>(
  work: (onProgress: (progress: BackupProgress) => void) => Promise<T>,
): Promise<T | undefined> {
  using interruption = listenForInterruption();
  const line = openProgressLine(process.stderr);
  try {
    return await work((progress) => {
      interruption.signal.throwIfAborted();
      line.show(() => describeProgress(progress));
    });
  } catch (error) {
    if (interruption.received === undefined) throw error;
    line.end();
    writeMessage("interrupted: nothing was changed");
    process.exitCode = interruption.received === "SIGTERM" ? EXIT.terminated : EXIT.interrupted;
    return undefined;
  } finally {
    line.end();
  }
}

function describeProgress({ tables, rows, files, bytes }: BackupProgress): string {
  const ofFiles = files === 0 ? [] : [many(files, "file")];
  return [many(tables, "table"), many(rows, "row"), ...ofFiles, formatBytes(bytes)].join(" · ");
}

function rowsOf(tables: Manifest["tables"]): number {
  return tables.reduce((sum, table) => sum + table.rows, 0);
}

function many(amount: number, noun: string): string {
  return `${count(amount)} ${noun}${amount === 1 ? "" : "s"}`;
}
