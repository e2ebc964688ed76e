// Finds a TCP port on loopback that nobody listens on.

import { once } from "node:events";
import { createServer } from "node:net";
import { errorCode } from "./failures.ts";

/** Below those that systems give to outgoing connections, so that a server that died finds its port free again. */
const [lowest, highest] = [20_000, 32_767];
const tries = 20;

/** `wanted` if nobody has it, else any. Somebody may still take it before PostgreSQL does. */
export async function freePort(wanted = anyPort()): Promise<number> {
  for (let tried = 0, port = wanted; tried < tries; tried++, port = anyPort()) {
    if (await isFree(port)) return port;
  }
  throw new Error(`none of ${tries} ports between ${lowest} and ${highest} is free`);
}

function anyPort(): number {
  return lowest + Math.floor(Math.random() * (highest - lowest + 1));
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    probe.listen({ host: "127.0.0.1", port });
    await once(probe, "listening");
  } catch (thrown) {
    if (["EADDRINUSE", "EACCES"].includes(errorCode(thrown) ?? "")) return false;
    throw thrown;
  }
  probe.close();
  await once(probe, "close");
  return true;
}
