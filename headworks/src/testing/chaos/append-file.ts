// A file that lines are only ever appended to, by one process: what is written is there, whoever is killed afterward.

import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";

export interface AppendFile extends Disposable {
  append(lines: readonly string[]): void;
  /** The same, and on the disk before it returns. */
  appendForGood(lines: readonly string[]): void;
}

/** Opens it, and makes it where it isn't there. */
export function openAppendFile(path: string): AppendFile {
  const file = openSync(path, "a");
  // One write for all, so that a kill cuts nothing in two.
  const append = (lines: readonly string[]) => {
    writeSync(file, lines.map((line) => `${line}\n`).join(""));
  };
  return {
    append,
    appendForGood(lines) {
      append(lines);
      fdatasyncSync(file);
    },
    [Symbol.dispose]: () => closeSync(file),
  };
}
