// Tells whether a process of which only a note was kept still runs, without mistaking another that got its pid.

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { HeadworksError } from "../../domain/error.ts";
import { errorCode } from "./failures.ts";

const run = promisify(execFile);
const stateField = 0; // of /proc/<pid>/stat, counted after the command's name
const startField = 19;
let boot: Promise<string | undefined> | undefined;

/** The mark of a running process: its pid and when it began; undefined when none runs under that pid. */
export async function markOf(pid: number): Promise<string | undefined> {
  const start = await (process.platform === "linux" ? startOnLinux(pid) : startByPs(pid));
  return start === undefined ? undefined : `${pid} ${start}`;
}

/** The mark of this process. Throws HeadworksError EMBEDDED_UNSUPPORTED_PLATFORM where processes can't be seen. */
export async function ownMark(): Promise<string> {
  const mark = await markOf(process.pid);
  if (mark !== undefined) return mark;
  throw new HeadworksError({
    code: "EMBEDDED_UNSUPPORTED_PLATFORM",
    message: "the embedded PostgreSQL cannot be shared safely: this system does not show its processes",
    hint: "mount /proc (Linux) or make `ps` available, or set DATABASE_URL to use a PostgreSQL of your own",
  });
}

/** True when the process that left this mark still runs. */
export async function isAlive(mark: string): Promise<boolean> {
  const pid = Number.parseInt(mark, 10);
  return Number.isInteger(pid) && pid > 0 && (await markOf(pid)) === mark;
}

/** The command line of a running process; undefined when it is gone or may not be seen. */
export async function commandLineOf(pid: number): Promise<string | undefined> {
  if (process.platform !== "linux") return ps(pid, "command=");
  const line = await readProc(`/proc/${pid}/cmdline`);
  return line?.replaceAll("\0", " ").trim();
}

/** Ticks since boot only mean something together with the boot they count from. A zombie does not run. */
async function startOnLinux(pid: number): Promise<string | undefined> {
  const stat = await readProc(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name may hold blanks and brackets
  if (fields[stateField] === "Z" || fields[stateField] === "X") return undefined;
  boot ??= readProc("/proc/sys/kernel/random/boot_id");
  return `${(await boot)?.trim()} ${fields[startField]}`;
}

async function startByPs(pid: number): Promise<string | undefined> {
  const line = await ps(pid, "stat=", "lstart=");
  return line === undefined || line.startsWith("Z") ? undefined : line.replace(/^\S+\s+/, "");
}

/** The start is printed in local time, so the zone must not vary. Undefined without such a process, or without `ps`. */
async function ps(pid: number, ...columns: string[]): Promise<string | undefined> {
  const args = [...columns.flatMap((column) => ["-o", column]), "-p", `${pid}`];
  const env = { PATH: process.env.PATH ?? "/bin:/usr/bin", LC_ALL: "C", TZ: "UTC" };
  try {
    return (await run("ps", args, { env })).stdout.trim() || undefined;
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
    if (code === 1 || code === "ENOENT") return undefined;
    throw thrown;
  }
}

/** A process may end between opening its file and reading it: ESRCH. */
async function readProc(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (thrown) {
    if (["ENOENT", "ESRCH", "EACCES"].includes(errorCode(thrown) ?? "")) return undefined;
    throw thrown;
  }
}
