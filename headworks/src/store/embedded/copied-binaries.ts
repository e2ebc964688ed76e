// Keeps copies of PostgreSQL's programs where their user can run them, one for each version, made whole or not at all.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { linkLibraries } from "./library-links.ts";
import { withLock } from "./lock.ts";

const parts = ["bin", "lib", "share", "pg-symlinks.json"];

/** Copies bin, lib and share of `folder` into a folder of `place` named by their content; at once when that is there. */
export async function copyBinaries(
  folder: string,
  place: string,
  notice: (text: string) => void,
): Promise<string> {
  const program = await readFile(join(folder, "bin", "postgres"));
  const copy = join(place, `postgresql-${createHash("sha256").update(program).digest("hex").slice(0, 16)}`);
  if (existsSync(copy)) return copy;
  return withLock(join(place, "copying"), async () => {
    if (existsSync(copy)) return copy;
    notice(`PostgreSQL cannot run from ${folder}: its programs are copied to ${copy}`);
    await makeCopy(folder, copy);
    return copy;
  });
}

/** What an interrupted copy left is done again. */
async function makeCopy(folder: string, copy: string): Promise<void> {
  const unfinished = `${copy}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished);
  for (const part of parts.filter((name) => existsSync(join(folder, name)))) {
    await cp(join(folder, part), join(unfinished, part), { recursive: true, verbatimSymlinks: true });
  }
  await linkLibraries(unfinished);
  await openToAll(unfinished);
  await rename(unfinished, copy);
}

/** An installation under a strict umask is closed to others file by file. Programs stay programs. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, ((await stat(path)).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}
