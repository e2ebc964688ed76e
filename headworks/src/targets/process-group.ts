// Waits for a command and all that it started, and ends them: politely at first, then for certain.

import type { ChildProcessByStdio } from "node:child_process";
import type { Readable } from "node:stream";

/** A child that leads a process group of its own (spawned with `detached`). */
export type GroupLeader = ChildProcessByStdio<null, Readable, Readable>;

/** How a process ended: by its own exit code, or by a signal. */
export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/**
 * Resolves when the leader has ended and its output is read. On abort the group gets SIGTERM, and SIGKILL `graceMs`
 * later; so does what the leader leaves behind when it ends by itself: a run that is over has no processes. Whoever left
 * the group keeps no run waiting: the output is closed after the grace. Rejects when the leader could not be started.
 */
export function groupEnd(leader: GroupLeader, signal: AbortSignal, graceMs: number): Promise<ProcessEnd> {
  return new Promise((resolve, reject) => {
    let grace: NodeJS.Timeout | undefined;

    function end(): void {
      if (grace !== undefined) return;
      signalGroup(leader, "SIGTERM");
      grace = setTimeout(() => {
        signalGroup(leader, "SIGKILL");
        leader.stdout.destroy();
        leader.stderr.destroy();
      }, graceMs);
    }

    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
    leader.once("exit", end);
    leader.once("error", (error) => {
      signal.removeEventListener("abort", end);
      reject(error);
    });
    leader.once("close", (code, by) => {
      signal.removeEventListener("abort", end);
      if (!signalGroup(leader, 0)) clearTimeout(grace);
      resolve({ code, signal: by });
    });
  });
}

/** Whether anybody was there to get the signal; 0 only asks. */
function signalGroup(leader: GroupLeader, signal: NodeJS.Signals | 0): boolean {
  if (leader.pid === undefined) return false;
  try {
    return process.kill(-leader.pid, signal);
  } catch (error) {
    if (error instanceof Error && "code" in error && isGone(error.code)) return false;
    throw error;
  }
}

/** EPERM: macOS says so of a group of which only zombies are left. */
function isGone(code: unknown): boolean {
  return code === "ESRCH" || code === "EPERM";
}
