// Two things that Node's file functions lack: a file that may not be there, and honest errors when making folders.

import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode } from "./failures.ts";

/** The text of a file; undefined when there is none. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (thrown) {
    if (errorCode(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}

/** Makes a folder and those above it. Node's own way reports ENOENT when the disk is full or read-only. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeOne(path);
  } catch (thrown) {
    if (errorCode(thrown) !== "ENOENT" || dirname(path) === path) throw thrown;
    await makeFolder(dirname(path));
    await makeOne(path);
  }
}

async function makeOne(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (thrown) {
    if (errorCode(thrown) !== "EEXIST") throw thrown;
  }
}
