// Tells what a piece of work has used: wall time, CPU time of this process, CPU time of the server.

import type { Place } from "./contender.ts";
import { cpuSecondsOf } from "./cpu.ts";

export interface Used {
  seconds: number;
  /** CPU seconds of the process that worked. */
  nodeCpu: number;
  /** CPU seconds of all processes of the server. */
  serverCpu: number;
}

/** Gives a function that tells what has been used since. */
export function startMeter({ serverPid }: Place): () => Used {
  const server = cpuSecondsOf(serverPid);
  const own = process.cpuUsage();
  const began = performance.now();
  return () => {
    const seconds = (performance.now() - began) / 1_000;
    const { user, system } = process.cpuUsage(own);
    return { seconds, nodeCpu: (user + system) / 1e6, serverCpu: cpuSecondsOf(serverPid) - server };
  };
}
