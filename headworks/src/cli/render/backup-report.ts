// What the commands of backups say, and how they are interrupted.

import type { BackupContents } from "../../contract/backups.ts";
import { plural } from "../../domain/plural.ts";
import type { BackupProgress } from "../../engine/backup/take.ts";
import { EXIT } from "../errors.ts";
import { listenForInterruption } from "../interruption.ts";
import { writeMessage } from "./output.ts";
import { openProgressLine } from "./progress-line.ts";
import { formatBytes } from "./sizes.ts";

/** Lines about what is in a backup. */
export function describeContents({ tables, rows, files }: BackupContents): string {
  const parts = [plural(tables.length, "table"), plural(rows, "row")];
  if (files === null) return `${parts.join(", ")}; without files`;
  return [...parts, plural(files.archive.files, "response"), plural(files.artifacts.files, "artifact")].join(
    ", ",
  );
}

/** What a person should know of what is not in it. */
export function remarksOn({ left_out, files }: BackupContents): string[] {
  const foreign = left_out.filter((each) => !each.startsWith("headworks."));
  const missing = (files?.archive.missing ?? 0) + (files?.artifacts.missing ?? 0);
  const damaged = files?.archive.differing ?? 0;
  return [
    ...foreign.map((each) => `not in it: ${each}`),
    ...(missing > 0
      ? [
          `not in it: ${plural(missing, "file")} that the database names and that ${missing === 1 ? "is" : "are"} not there`,
        ]
      : []),
    ...(damaged > 0
      ? [
          `not in it: ${plural(damaged, "response")} of the archive that ${damaged === 1 ? "is" : "are"} damaged`,
        ]
      : []),
  ];
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
  const ofFiles = files === 0 ? [] : [plural(files, "file")];
  return [plural(tables, "table"), plural(rows, "row"), ...ofFiles, formatBytes(bytes)].join(" · ");
}
