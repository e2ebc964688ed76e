// Checks this machine: Node, the platform, the data directory and the room on its disk.

import { constants } from "node:fs";
import { access, statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Finding } from "../../contract/printed.ts";
import type { GlobalOptions } from "../globals.ts";
import { fail, failed, ok, warn } from "./finding.ts";

const OLDEST_NODE = 24;
const ROOM_TO_FAIL = 200_000_000;
const ROOM_TO_WARN = 2_000_000_000;

export async function checkMachine(options: GlobalOptions): Promise<Finding[]> {
  return [
    checkNode(),
    ...(await checkPrograms(options)),
    await checkDataDir(options.dataDir),
    await checkRoom(options.dataDir),
  ];
}

function checkNode(): Finding {
  const [major = 0] = process.versions.node.split(".").map(Number);
  const found = `Node ${process.versions.node} on ${process.platform}-${process.arch}`;
  if (major >= OLDEST_NODE) return ok("node", found);
  return fail("node", found, `install Node ${OLDEST_NODE} or newer`);
}

/** The embedded PostgreSQL's programs matter only where it is used. */
async function checkPrograms({ databaseUrl }: GlobalOptions): Promise<Finding[]> {
  if (databaseUrl) return [];
  const { packagedFolder } = await import("../../store/embedded/binaries.ts");
  try {
    const folder = packagedFolder();
    await access(resolve(folder, "bin", "postgres"));
    return [ok("programs", `the embedded PostgreSQL is in ${folder}`)];
  } catch (error) {
    return [failed("programs", error)];
  }
}

async function checkDataDir(dataDir: string): Promise<Finding> {
  const folder = await nearestFolder(resolve(dataDir));
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    return ok(
      "data directory",
      folder === resolve(dataDir) ? `${folder} can be written to` : `${resolve(dataDir)} can be made`,
    );
  } catch {
    return fail(
      "data directory",
      `${folder} can't be written to`,
      "make it yours, or choose another with --data-dir",
    );
  }
}

async function checkRoom(dataDir: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(await nearestFolder(resolve(dataDir)));
  const free = bavail * bsize;
  const message = `${(free / 1e9).toFixed(1)} GB free`;
  const hint = "free some space, or choose a directory on another disk with --data-dir";
  if (free < ROOM_TO_FAIL) return fail("disk", message, hint);
  return free < ROOM_TO_WARN ? warn("disk", message, hint) : ok("disk", message);
}

/** The folder itself, or the nearest one above it that exists. */
async function nearestFolder(folder: string): Promise<string> {
  try {
    await access(folder);
    return folder;
  } catch {
    const parent = dirname(folder);
    return parent === folder ? folder : nearestFolder(parent);
  }
}
