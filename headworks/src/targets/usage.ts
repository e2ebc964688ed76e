// What a process uses, as Linux tells it: looked at while it runs, since nothing is left to look at once it has ended.

import { readFileSync } from "node:fs";

export interface Usage {
  /** Processor time, in all threads, in milliseconds. */
  cpuMs: number;
  /** The most resident memory that it had; undefined where that can't be told. */
  peakMemoryBytes: number | undefined;
}

const LOOK_EVERY_MS = 250;
/** Linux counts processor time in hundredths of a second, whatever its own clock does. */
const MS_PER_TICK = 10;
/** Of /proc/<pid>/stat, counted after the name: user and system time, of itself and of the children it has waited for. */
const TIME_FIELDS = [11, 12, 13, 14] as const;

/** Looks at a process now and then; `stop` gives what it had used when it was seen last. */
export function watchUsage(pid: number | undefined): { stop(): Usage | undefined } {
  if (pid === undefined || process.platform !== "linux") return { stop: () => undefined };
  let last: Usage | undefined;
  const look = () => {
    last = readUsage(pid) ?? last;
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      look();
      return last;
    },
  };
}

/** Undefined when it is gone, or only waits to be buried. */
function readUsage(pid: number): Usage | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = TIME_FIELDS.reduce((sum, field) => sum + Number(fields[field]), 0);
    const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"));
    if (peak === null) return undefined;
    return { cpuMs: ticks * MS_PER_TICK, peakMemoryBytes: Number(peak[1]) * 1_024 };
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ESRCH"))
      return undefined;
    throw error;
  }
}
