// The log of the embedded server: one file that PostgreSQL appends to, shown when a start fails, and kept small.

import { open, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { errorCode } from "./failures.ts";

const mostBytes = 10 * 1024 * 1024;
const keptBytes = 1024 * 1024;

/** What was written to the log after the first `from` bytes. */
export async function readLog(path: string, from = 0): Promise<string> {
  return (await readFile(path)).subarray(from).toString();
}

/**
 * Cuts a log of more than 10 MB to its last 1 MB. Safe while PostgreSQL writes: its file is open for appending,
 * so that it goes on at the new end. A line written in the very moment of the cut may be lost.
 */
export async function trimLog(path: string): Promise<void> {
  if ((await sizeOf(path)) <= mostBytes) return;
  const end = await lastBytes(path, keptBytes);
  await truncate(path);
  await writeFile(path, end.subarray(end.indexOf("\n") + 1), { flag: "a" });
}

async function lastBytes(path: string, count: number): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, Math.max(0, size - count));
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (thrown) {
    if (errorCode(thrown) === "ENOENT") return 0;
    throw thrown;
  }
}
