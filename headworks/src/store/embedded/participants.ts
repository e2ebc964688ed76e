// Counts the processes that use the embedded server, so that the last one to leave can stop it.
//
// One small file for each join, holding the mark of its process. All of this is called while the lock is held.

import { randomUUID } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "./files.ts";
import { isAlive, ownMark } from "./liveness.ts";

/** Notes that this process has joined (once more). Returns the file to remove when it leaves. */
export async function register(folder: string): Promise<string> {
  await makeFolder(folder);
  const file = join(folder, `${process.pid}-${randomUUID()}`);
  await writeFile(file, await ownMark());
  return file;
}

/** Takes back one join; then forgets the dead, and returns how many joins are left. */
export async function unregister(folder: string, file: string): Promise<number> {
  await rm(file, { force: true });
  const left = await Promise.all((await readdir(folder)).map((name) => forgetIfDead(join(folder, name))));
  return left.filter((alive) => alive).length;
}

async function forgetIfDead(file: string): Promise<boolean> {
  if (await isAlive(await readFile(file, "utf8"))) return true;
  await rm(file, { force: true });
  return false;
}
