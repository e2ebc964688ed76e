// Starts the demo as a user does, as a process of its own, in a folder of the test's.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { eachDay } from "headworks-example-kit/days.ts";
import { simulateLeague } from "./source/simulated/simulate-league.ts";

export interface DemoProcess {
  child: ChildProcess;
  /** Everything that it printed so far. */
  output(): string;
  /** Its exit code; null when a signal ended it. */
  ended: Promise<number | null>;
}

const DEMO = fileURLToPath(new URL("./demo.ts", import.meta.url));

/** Without a database's address, it uses the embedded PostgreSQL of the folder. */
export function startDemo(options: {
  dataDir: string;
  databaseUrl?: string;
  args?: readonly string[];
}): DemoProcess {
  const { DATABASE_URL: _, ...environment } = process.env;
  const child = spawn(
    process.execPath,
    [
      "--conditions=headworks-source",
      DEMO,
      "--port",
      "0",
      "--data-dir",
      options.dataDir,
      ...(options.args ?? []),
    ],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...environment,
        NO_COLOR: "1",
        ...(options.databaseUrl && { DATABASE_URL: options.databaseUrl }),
      },
    },
  );
  let printed = "";
  const keep = (chunk: Buffer) => {
    printed += chunk.toString();
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const ended = once(child, "exit").then(([code]) => code as number | null);
  return { child, output: () => printed, ended };
}

/** How many games the demo's season has up to a day, as its source lists them. */
export function gamesUpTo(lastDay: string): number {
  const league = simulateLeague({ seed: 1 });
  const days = eachDay(league.season().firstDay, lastDay);
  return days.flatMap((day) => league.schedule(day)).filter((game) => game.status === "final").length;
}

/** Kills the process and all it has started, PostgreSQL too, with signals that nobody can answer. Linux only. */
export function killTree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const parent = parentOf(Number(name));
    if (parent !== undefined) parents.set(Number(name), parent);
  }
  const tree = [root];
  for (const pid of tree) {
    for (const [child, parent] of parents) if (parent === pid) tree.push(child);
  }
  for (const pid of tree) killIfThere(pid);
  return tree;
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    // It has ended since the folder was read.
    return undefined;
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
