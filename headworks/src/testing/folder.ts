// Finds a folder for the data of a test run's PostgreSQL: in memory where there is room, and clears what killed runs left.

import { chmod, mkdtemp, readdir, rm, stat, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stopServer } from "../store/embedded/process.ts";

const PREFIX = "headworks-tests-";
const MEMORY = "/dev/shm";
const ROOM_BYTES = 2 ** 31;

/** A new folder that any user may enter, since PostgreSQL may run as another than ourselves. */
export async function makeServerFolder(): Promise<string> {
  const parent = await chooseParent();
  await clearLeftovers(parent);
  const folder = await mkdtemp(join(parent, `${PREFIX}${process.pid}-`));
  await chmod(folder, 0o755);
  return folder;
}

/** Cloning a database makes some three hundred files: several times faster in memory. */
async function chooseParent(): Promise<string> {
  if (process.platform !== "linux") return tmpdir();
  const room = await statfs(MEMORY).catch(() => undefined);
  const hasRoom = room !== undefined && room.bavail * room.bsize > ROOM_BYTES;
  return hasRoom ? MEMORY : tmpdir();
}

async function clearLeftovers(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => name.startsWith(PREFIX));
  for (const name of names) {
    const folder = join(parent, name);
    const pid = Number(name.slice(PREFIX.length).split("-")[0]);
    if (isAlive(pid) || !(await isOurs(folder))) continue;
    await stopServer(join(folder, "postgres", "cluster"));
    await rm(folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

/** False also when another run has just removed it. */
async function isOurs(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  return found !== undefined && found.uid === process.getuid?.();
}
