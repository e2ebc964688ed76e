// The lines of one run that are kept: the first and the last ones, however many there are between them.

import { append } from "../domain/append.ts";
import type { LineRange, LogLine } from "../store/history/logs.ts";

/** How a run began: what it was given, what it meant to do. */
export const FIRST_LINES_KEPT = 200;
/** How it ended, which is what one reads first. */
export const LAST_LINES_KEPT = 800;

/** Lines that wait to be stored, and what is known of those that were. */
export interface KeptLines {
  /** Takes a line, and gives it its number. When it is one too many, one between beginning and end is dropped. */
  add(line: Omit<LogLine, "seq">): void;
  /** Those to be stored, in order. */
  pending(): LogLine[];
  /** Tells that these were stored. */
  stored(lines: readonly LogLine[]): void;
  /** Stored lines that have come to lie between beginning and end, to be deleted. */
  findSurplus(): Omit<LineRange, "run"> | undefined;
  deleted(range: Omit<LineRange, "run">): void;
  /** Forgets the lines that wait, since there is no room for them. Gives their number. */
  giveUp(): number;
  /** Whether there is nothing to store or delete. */
  isSettled(): boolean;
  /** How many were logged and are not kept. */
  dropped(): number;
}

/** Begins with no lines. */
export function keepLines(): KeptLines {
  const first: LogLine[] = [];
  const last: LogLine[] = [];
  let logged = 0;
  let storedUpTo = 0;
  let deletedUpTo = FIRST_LINES_KEPT;
  /** The numbers of lines that there was no room for. */
  const givenUp: number[] = [];

  function findSurplus() {
    const lastSeq = Math.min(storedUpTo, logged - LAST_LINES_KEPT);
    return lastSeq > deletedUpTo ? { firstSeq: deletedUpTo + 1, lastSeq } : undefined;
  }

  return {
    add(line) {
      logged += 1;
      const lines = logged <= FIRST_LINES_KEPT ? first : last;
      lines.push({ seq: logged, ...line });
      if (last.length > LAST_LINES_KEPT) last.shift();
    },
    pending: () => [...first, ...last],
    stored(lines) {
      storedUpTo = lines.at(-1)?.seq ?? storedUpTo;
      for (const waiting of [first, last]) {
        const rest = waiting.findIndex((line) => line.seq > storedUpTo);
        waiting.splice(0, rest === -1 ? waiting.length : rest);
      }
    },
    findSurplus,
    deleted(range) {
      deletedUpTo = range.lastSeq;
    },
    giveUp() {
      const lost = [...first.splice(0), ...last.splice(0)].map((line) => line.seq);
      append(givenUp, lost);
      return lost.length;
    },
    isSettled: () => first.length + last.length === 0 && findSurplus() === undefined,
    dropped() {
      const between = Math.max(0, logged - FIRST_LINES_KEPT - LAST_LINES_KEPT);
      const wanted = givenUp.filter((seq) => seq <= FIRST_LINES_KEPT || seq > logged - LAST_LINES_KEPT);
      return between + wanted.length;
    },
  };
}
