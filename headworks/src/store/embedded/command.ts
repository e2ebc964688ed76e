// Runs a program as the user chosen for PostgreSQL, in surroundings that neither the caller's shell nor folder disturb.

import { type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { messageOf } from "../../domain/error.ts";
import type { Identity } from "./identity.ts";

/** How a program ended. `status` is undefined when it could not be started or was killed; `output` says why. */
export interface Finished {
  status: number | undefined;
  output: string;
}

/** The options that make a child run as `identity`, or as ourselves when there is none. */
export function runningAs(identity: Identity | undefined): SpawnOptions {
  return {
    cwd: "/", // the current folder may be one that the user can't enter
    // No PG* variable may redirect PostgreSQL, and no secret of ours may show in another user's process.
    // Without a fixed locale PostgreSQL refuses to start on macOS, and its messages could not be recognized.
    env: { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" },
    ...(identity === undefined ? {} : { uid: identity.uid, gid: identity.gid }),
  };
}

/** Runs a program to its end and collects what it prints. Never throws: the caller knows what a failure means. */
export async function runToEnd(
  program: string,
  args: string[],
  identity: Identity | undefined,
): Promise<Finished> {
  try {
    const child = spawn(program, args, { ...runningAs(identity), stdio: ["ignore", "pipe", "pipe"] });
    const chunks: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => chunks.push(chunk));
    const [status, signal] = await once(child, "close");
    if (signal !== null) chunks.push(Buffer.from(`ended by ${signal}\n`));
    return { status: status ?? undefined, output: Buffer.concat(chunks).toString() };
  } catch (thrown) {
    return { status: undefined, output: messageOf(thrown) };
  }
}
