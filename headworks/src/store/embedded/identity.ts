// Decides as which user PostgreSQL runs: as ourselves, except for root, whom PostgreSQL refuses to serve.

import { readFile, stat } from "node:fs/promises";
import { HeadworksError } from "../../domain/error.ts";
import { errorCode } from "./failures.ts";

/** A user of this system. */
export interface Identity {
  uid: number;
  gid: number;
  name: string;
}

/** In this order; `_postgres` is macOS's. `nobody` exists everywhere, but is shared with other services. */
const candidates = ["postgres", "_postgres", "nobody"];

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * The user whom root lets PostgreSQL run as: whoever owns the data already, else one who may do little.
 * Throws HeadworksError EMBEDDED_NO_USER.
 */
export async function unprivilegedUser(cluster: string): Promise<Identity> {
  const users = await listUsers();
  const owner = await ownerOf(cluster);
  if (owner !== undefined && owner.uid !== 0) {
    return users.find((user) => user.uid === owner.uid) ?? { ...owner, name: `with uid ${owner.uid}` };
  }
  const chosen = candidates
    .map((name) => users.find((user) => user.name === name))
    .find((user) => user !== undefined);
  if (chosen !== undefined) return chosen;
  throw new HeadworksError({
    code: "EMBEDDED_NO_USER",
    message:
      "PostgreSQL refuses to run as root, and this system has neither a user postgres nor a user nobody",
    hint: "run as an ordinary user, add one with: useradd --system postgres, or set DATABASE_URL",
  });
}

async function ownerOf(cluster: string): Promise<Omit<Identity, "name"> | undefined> {
  try {
    const { uid, gid } = await stat(cluster);
    return { uid, gid };
  } catch (thrown) {
    if (errorCode(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}

async function listUsers(): Promise<Identity[]> {
  const lines = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  return lines.flatMap(([name, , uid, gid]) => {
    if (!name || name.startsWith("#") || uid === undefined || gid === undefined) return [];
    return [{ name, uid: Number(uid), gid: Number(gid) }];
  });
}
