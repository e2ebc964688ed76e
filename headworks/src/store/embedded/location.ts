// Finds the folder that holds everything of one embedded server: `<dataDir>/postgres`, unless its user can't get there.
//
// Root may work in a folder that no other user can enter (a checkout in /root). PostgreSQL, who runs as another user
// then, keeps its data elsewhere, and a file `moved-to` leads the next command to it.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, realpath, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { HeadworksError } from "../../domain/error.ts";
import { runToEnd } from "./command.ts";
import { makeFolder, readIfThere } from "./files.ts";
import { type Identity, isRoot, unprivilegedUser } from "./identity.ts";
import { withLock } from "./lock.ts";
import { sharedFolder } from "./shared-folder.ts";

/** Where one server is kept, and as whom it runs (undefined: as ourselves). */
export interface Home {
  folder: string;
  cluster: string;
  log: string;
  lock: string;
  participants: string;
  identity: Identity | undefined;
  /** Says where the data is when that isn't under the requested data directory. */
  notice: string | undefined;
}

const pointer = "moved-to";

/** Finds or makes the home for the data directory. `relocateTo` replaces /var/lib/headworks. Throws system errors. */
export async function findHome(dataDir: string, relocateTo: string | undefined): Promise<Home> {
  await makeFolder(dataDir);
  const local = join(await realpath(dataDir), "postgres");
  await makeFolder(local);
  return withLock(join(local, "lock"), async () => {
    await restrict(local);
    return isRoot() ? findHomeOfRoot(local, relocateTo) : homeIn(local, undefined);
  });
}

async function findHomeOfRoot(local: string, relocateTo: string | undefined): Promise<Home> {
  const identity = await unprivilegedUser(join(local, "cluster"));
  const moved = (await readIfThere(join(local, pointer))) || undefined; // empty when a crash cut it off
  if (moved === undefined && (await canReach(local, identity))) return homeIn(local, identity);

  const folder = moved ?? (await chooseElsewhere(local, relocateTo));
  await makeFolder(folder);
  await restrict(folder);
  if (moved === undefined) await writeFile(join(local, pointer), folder);
  const owner = await unprivilegedUser(join(folder, "cluster"));
  const notice = `PostgreSQL runs as user ${owner.name}, who cannot reach ${local}: its data is kept in ${folder}`;
  return { ...homeIn(folder, owner), notice };
}

function homeIn(folder: string, identity: Identity | undefined): Home {
  return {
    folder,
    cluster: join(folder, "cluster"),
    log: join(folder, "postgres.log"),
    lock: join(folder, "lock"),
    participants: join(folder, "participants"),
    identity,
    notice: undefined,
  };
}

/** Root's may be passed through, but not listed, by the user who owns the cluster in it. Another's is left alone. */
async function restrict(folder: string): Promise<void> {
  if ((await stat(folder)).uid !== process.getuid?.()) return;
  await chmod(folder, isRoot() ? 0o711 : 0o700);
}

/** Asks the system itself, by trying: modes alone don't tell (access lists, mounts). */
async function canReach(folder: string, identity: Identity): Promise<boolean> {
  const { status, output } = await runToEnd("/bin/sh", ["-c", 'test -x "$1"', "sh", folder], identity);
  if (status === undefined) throw cannotSwitch(identity, output);
  return status === 0;
}

async function chooseElsewhere(local: string, relocateTo: string | undefined): Promise<string> {
  await refuseStrandedData(local);
  const name = createHash("sha256").update(local).digest("hex").slice(0, 16);
  return join(await sharedFolder(relocateTo), name);
}

/** A new, empty database elsewhere would look as if all data were lost. */
async function refuseStrandedData(local: string): Promise<void> {
  const cluster = join(local, "cluster");
  if (!existsSync(cluster)) return;
  const { name } = await unprivilegedUser(cluster);
  throw new HeadworksError({
    code: "EMBEDDED_DATA_UNREACHABLE",
    message: `the database in ${cluster} belongs to user ${name}, who can no longer reach it`,
    hint: `let others pass through the folders above it (chmod o+x), or move it to where user ${name} can go`,
  });
}

/** As in a container whose root has been denied it. */
function cannotSwitch(identity: Identity, reason: string): HeadworksError {
  return new HeadworksError({
    code: "EMBEDDED_NO_USER",
    message: `PostgreSQL refuses to run as root, and this root may not run it as user ${identity.name}: ${reason}`,
    hint: "run as an ordinary user (in a container: --user), or set DATABASE_URL",
  });
}
