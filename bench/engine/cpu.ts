// CPU seconds that processes have used, from /proc: on a busy machine, wall time alone lies.

import { readdirSync, readFileSync } from "node:fs";

/** The clock ticks per second in which /proc counts, on every Linux there is. */
const TICKS = 100;

interface ProcessTimes {
  pid: number;
  parent: number;
  own: number;
  /** Of children that have ended and been waited for. */
  ended: number;
}

/** CPU seconds of a process and its children, also of those that have ended. 0 where there is no /proc. */
export function cpuSecondsOf(pid: number | undefined): number {
  if (pid === undefined) return 0;
  const family = listProcesses().filter((each) => each.pid === pid || each.parent === pid);
  return family.reduce((sum, each) => sum + each.own + (each.pid === pid ? each.ended : 0), 0) / TICKS;
}

/** The parent of a process; undefined where there is no /proc. */
export function parentOf(pid: number): number | undefined {
  return readTimes(`${pid}`)?.parent;
}

function listProcesses(): ProcessTimes[] {
  const names = listFolder("/proc").filter((name) => /^\d+$/.test(name));
  return names.flatMap((name) => readTimes(name) ?? []);
}

/** Undefined also for a process that has just ended. */
function readTimes(pid: string): ProcessTimes | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The name, in parentheses, may hold anything; what follows it is field 3 and on, as proc(5) counts them.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const field = (number: number) => Number(fields[number - 3]);
  return { pid: Number(pid), parent: field(4), own: field(14) + field(15), ended: field(16) + field(17) };
}

function listFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
