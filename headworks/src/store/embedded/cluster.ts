// Makes the database files (initdb) on the first start: whole or not at all, whenever the power fails.

import { chown, mkdtemp, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { HeadworksError } from "../../domain/error.ts";
import type { Binaries } from "./binaries.ts";
import { runToEnd } from "./command.ts";
import { programFailure } from "./failures.ts";
import { readIfThere } from "./files.ts";
import type { Identity } from "./identity.ts";
import type { Home } from "./location.ts";
import { ensurePassword } from "./password.ts";

const unfinishedPrefix = "init-";

/** The one role, who owns everything, and the one database. */
export const role = "headworks";

/**
 * Makes the cluster unless it is there. The lock is held: what an interrupted attempt left is removed.
 * Throws HeadworksError EMBEDDED_WRONG_VERSION, EMBEDDED_INIT_FAILED or DISK_FULL.
 */
export async function ensureCluster(
  home: Home,
  binaries: Binaries,
  notice: (text: string) => void,
): Promise<void> {
  await removeUnfinished(home.folder);
  const made = await majorVersionOf(home.cluster);
  if (made === binaries.major) return;
  if (made !== undefined) throw wrongVersion(home.cluster, made, binaries.major);
  notice(`first start: creating the database in ${home.folder}`);
  await createCluster(home, binaries);
}

/** PostgreSQL's user can't create anything in our folder, so it gets one of its own to work in. */
async function createCluster(home: Home, binaries: Binaries): Promise<void> {
  const password = await ensurePassword(home.folder);
  const workshop = await mkdtemp(join(home.folder, unfinishedPrefix));
  try {
    const passwordFile = join(workshop, "password");
    await writeFile(passwordFile, password, { mode: 0o600 });
    await giveTo(home.identity, workshop, passwordFile);
    await initialize(join(workshop, "cluster"), passwordFile, binaries, home.identity);
    await rename(join(workshop, "cluster"), home.cluster);
    await flush(home.folder);
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
}

async function initialize(
  cluster: string,
  passwordFile: string,
  binaries: Binaries,
  identity: Identity | undefined,
): Promise<void> {
  const { status, output } = await runToEnd(
    binaries.initdb,
    [
      `--pgdata=${cluster}`,
      `--username=${role}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256", // every connection proves the password, also on this machine
      "--encoding=UTF8",
      "--locale=C", // the same order of text on every system, and after every upgrade of its libraries
      "--data-checksums", // the default since PostgreSQL 18
    ],
    identity,
  );
  if (status === 0) return;
  throw programFailure("EMBEDDED_INIT_FAILED", "PostgreSQL's initdb could not create the database:", output);
}

async function giveTo(identity: Identity | undefined, ...paths: string[]): Promise<void> {
  if (identity === undefined) return;
  for (const path of paths) await chown(path, identity.uid, identity.gid);
}

/** A rename is only safe from a power cut once its folder is on disk. */
async function flush(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function removeUnfinished(folder: string): Promise<void> {
  const unfinished = (await readdir(folder)).filter((name) => name.startsWith(unfinishedPrefix));
  for (const name of unfinished)
    await rm(join(folder, name), { recursive: true, force: true, maxRetries: 5 });
}

async function majorVersionOf(cluster: string): Promise<number | undefined> {
  const version = await readIfThere(join(cluster, "PG_VERSION"));
  return version === undefined ? undefined : Number(version);
}

function wrongVersion(cluster: string, made: number, binaries: number): HeadworksError {
  return new HeadworksError({
    code: "EMBEDDED_WRONG_VERSION",
    message: `the database in ${cluster} was made by PostgreSQL ${made}, but PostgreSQL ${binaries} is installed`,
    hint: `install the version of Headworks that made it, or start it with a PostgreSQL ${made} of your own, dump it with pg_dump and restore it into an empty --data-dir`,
  });
}
