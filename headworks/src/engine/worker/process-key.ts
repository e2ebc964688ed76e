// Tells, on one host, whether the process that held a lease still lives: by boot, process namespace, pid and start time.

import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";

export function hostName(): string {
  return hostname();
}

/** The key of this process: `<where>:<pid>:<start>`. `where` is the same only for processes that can see each other. */
export async function ownProcessKey(): Promise<string> {
  return `${await visibleSpace()}:${process.pid}:${(await startOf(process.pid)) ?? ""}`;
}

/** Whether the process of a key is known to be gone. Of processes elsewhere nothing is known, so the answer is no. */
export async function isKnownDead(key: string): Promise<boolean> {
  const [space, pid = "", start = ""] = key.split(":");
  if (space !== (await visibleSpace())) return false;
  if (!isAlive(Number(pid))) return true;
  const startedAt = await startOf(Number(pid));
  return start !== "" && startedAt !== undefined && startedAt !== start;
}

async function visibleSpace(): Promise<string> {
  try {
    const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
    const namespace = await readlink("/proc/self/ns/pid");
    return `${boot}/${namespace.replace(/\D/g, "")}`;
  } catch {
    // Not Linux: processes of one host name are taken to see each other.
    return hostname();
  }
}

async function startOf(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
