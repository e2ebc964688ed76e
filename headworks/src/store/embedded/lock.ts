// Lets one process at a time start or stop what a folder guards; a lock whose owner died is simply taken over.
//
// Each turn is a symbolic link with the next number, pointing at the mark of its owner (or at "free"). The highest
// number counts. A link appears whole or not at all, and no number is ever replaced or reused, so two processes that
// find the same dead owner cannot both succeed it, which removing a stale lock file and making a new one would allow.

import { readdir, readlink, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { HeadworksError } from "../../domain/error.ts";
import { errorCode } from "./failures.ts";
import { makeFolder } from "./files.ts";
import { isAlive, ownMark } from "./liveness.ts";

const free = "free";
const pollMs = 10;
const patienceMs = 10 * 60_000; // longer than the slowest start: a recovery after a crash

/** Runs the action while holding the lock of `folder`. Throws HeadworksError EMBEDDED_BUSY after ten minutes' wait. */
export async function withLock<T>(folder: string, action: () => Promise<T>): Promise<T> {
  await makeFolder(folder);
  const turn = await acquire(folder);
  try {
    return await action();
  } finally {
    await release(folder, turn);
  }
}

async function acquire(folder: string): Promise<number> {
  const mark = await ownMark();
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const last = await highestTurn(folder);
    const owner = await ownerOf(folder, last);
    if (!(await isHeld(owner)) && (await take(folder, last + 1, mark))) return last + 1;
    if (performance.now() > deadline) throw busy(folder, owner);
    await delay(pollMs);
  }
}

/** A turn that is not the highest came too late: its maker had looked before others took and left theirs. */
async function take(folder: string, turn: number, mark: string): Promise<boolean> {
  try {
    await symlink(mark, join(folder, `${turn}`));
  } catch (thrown) {
    if (errorCode(thrown) === "EEXIST") return false;
    throw thrown;
  }
  const turns = await turnsOf(folder);
  const won = Math.max(...turns) === turn;
  const obsolete = won ? turns.filter((other) => other < turn) : [turn];
  await Promise.all(obsolete.map((other) => rm(join(folder, `${other}`), { force: true })));
  return won;
}

async function release(folder: string, turn: number): Promise<void> {
  await symlink(free, join(folder, `${turn + 1}`));
  await rm(join(folder, `${turn}`), { force: true });
}

async function isHeld(owner: string | undefined): Promise<boolean> {
  if (owner === free) return false;
  return owner === undefined || (await isAlive(owner));
}

/** Undefined when the turn was tidied away meanwhile: somebody else has taken the next one. */
async function ownerOf(folder: string, turn: number): Promise<string | undefined> {
  if (turn === 0) return free;
  try {
    return await readlink(join(folder, `${turn}`));
  } catch (thrown) {
    if (errorCode(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}

async function highestTurn(folder: string): Promise<number> {
  return Math.max(0, ...(await turnsOf(folder)));
}

async function turnsOf(folder: string): Promise<number[]> {
  return (await readdir(folder)).map(Number).filter(Number.isInteger);
}

function busy(folder: string, owner: string | undefined): HeadworksError {
  const pid = Number.parseInt(owner ?? "", 10);
  return new HeadworksError({
    code: "EMBEDDED_BUSY",
    message: `process ${pid} has been starting or stopping the embedded PostgreSQL for ten minutes (lock ${folder})`,
    hint: `see what process ${pid} is waiting for; if it hangs, end it with: kill -9 ${pid}`,
  });
}
