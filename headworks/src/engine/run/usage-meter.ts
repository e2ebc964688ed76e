// Tells what a run used of its process, where it was alone in it from its beginning to its end: runs beside each other can't be
// told apart.

import type { Usage } from "../../targets/usage.ts";

/** A run that is alone so far. */
export interface Solo {
  shared: boolean;
  cpu: NodeJS.CpuUsage;
  memoryBytes: number;
  peakBytes: number;
}

export class UsageMeter {
  #running = 0;
  #solo: Solo | undefined;

  /** A run begins; undefined when it isn't alone. */
  begin(): Solo | undefined {
    this.#running += 1;
    if (this.#running > 1) {
      if (this.#solo !== undefined) this.#solo.shared = true;
      this.#solo = undefined;
      return undefined;
    }
    this.#solo = {
      shared: false,
      cpu: process.cpuUsage(),
      memoryBytes: process.memoryUsage.rss(),
      peakBytes: peakOfProcess(),
    };
    return this.#solo;
  }

  /** It has ended; what it used, where nobody came beside it. */
  end(solo: Solo | undefined): Usage | undefined {
    this.#running -= 1;
    if (solo === undefined || solo.shared) return undefined;
    this.#solo = undefined;
    const { user, system } = process.cpuUsage(solo.cpu);
    return { cpuMs: Math.round((user + system) / 1_000), peakMemoryBytes: peakSince(solo) };
  }
}

/** The system keeps the peak of the process's whole life: one that lies before this run says nothing of it. */
function peakSince(solo: Solo): number {
  const peak = peakOfProcess();
  return peak > solo.peakBytes ? peak : Math.max(solo.memoryBytes, process.memoryUsage.rss());
}

function peakOfProcess(): number {
  return process.resourceUsage().maxRSS * 1_024;
}
