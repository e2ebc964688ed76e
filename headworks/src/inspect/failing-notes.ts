// What health says of the duties that fail and of the files that can't be published: since when, why, and what to do.

import type { HealthNote } from "../contract/health.ts";
import { plural } from "../domain/plural.ts";
import type { DutyFailure } from "../store/history/duties.queries.ts";
import type { UnpublishableFiles } from "../store/ledger/artifacts.ts";
import { firstLine } from "./wording.ts";

export function notesOfDuties(duties: readonly DutyFailure[]): HealthNote[] {
  return duties.map(noteOfDuty);
}

function noteOfDuty({ duty, host, since, error, hint }: DutyFailure): HealthNote {
  const toDo = hint ?? "fix what it says; it is tried again by itself";
  return { message: `${duty} fails on ${host} since ${since}: ${firstLine(error)}; ${toDo}`, next: null };
}

export function notesOfFiles({ files, all }: UnpublishableFiles): HealthNote[] {
  const notes = files.map(({ path, processor, partition, since, error }): HealthNote => {
    const isGone = !/^E[A-Z]+\b/.test(error);
    const toDo = isGone ? "" : `; ${remedyOf(error)}; it is tried again every minute`;
    return {
      message: `the file ${path} of ${processor}[${partition}] can't be published since ${since}: ${firstLine(error)}${toDo}`,
      next: isGone ? { kind: "run_output", processor, partition } : null,
    };
  });
  const more = all - files.length;
  if (more > 0) notes.push({ message: `${plural(more, "more file")} can't be published`, next: null });
  return notes;
}

function remedyOf(error: string): string {
  if (/^(ENOTDIR|EISDIR|EEXIST|ENOTEMPTY)\b/.test(error)) return "remove what is in its way";
  if (/^(EACCES|EPERM|EROFS)\b/.test(error)) return "let Headworks write there";
  if (/^(ENOSPC|EDQUOT)\b/.test(error)) return "free some space";
  return "fix what it says";
}
