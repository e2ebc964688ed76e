// Starts and stops the server process. It is nobody's child in spirit: it outlives a killed parent and ignores Ctrl-C.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { HeadworksError } from "../../domain/error.ts";
import type { Binaries } from "./binaries.ts";
import { runningAs } from "./command.ts";
import { errorCode, programFailure } from "./failures.ts";
import { freePort } from "./free-port.ts";
import type { Home } from "./location.ts";
import { readLog } from "./log.ts";
import { clearReusedPid, findPostmaster, lastPort, type Postmaster, readPostmaster } from "./postmaster.ts";
import { serverArguments } from "./settings.ts";

const pollMs = 10;
const startPatienceMs = 5 * 60_000; // a recovery after a crash replays up to 1 GB of log
const retryMs = 100;
const retryPatienceMs = 20_000;
const stopPatienceMs = 60_000;

/** Somebody took the port between choosing and using it. */
const portTaken = /address already in use|could not create any TCP\/IP sockets/i;
/** A child of a killed server is busy with a query; only then will it notice that it is an orphan. */
const orphanBusy = /shared memory block .* is still in use/i;
/** A killed server counts as alive until its parent has taken note of its end. */
const deadUnburied = /lock file "postmaster\.pid" already exists/i;

/** Starts the server and waits until it accepts connections. Throws HeadworksError EMBEDDED_START_FAILED or DISK_FULL. */
export async function startServer(
  home: Home,
  binaries: Binaries,
  settings: Record<string, string> | undefined,
): Promise<Postmaster> {
  const deadline = performance.now() + retryPatienceMs;
  let wanted = await lastPort(home.cluster); // of a server that died or was stopped: its other clients still know it
  await clearReusedPid(home.cluster);
  for (;;) {
    const port = await freePort(wanted);
    const started = await launch(home, binaries, serverArguments(home.cluster, port, settings));
    if (typeof started !== "string") return started;
    const taken = portTaken.test(started);
    const passes = taken || orphanBusy.test(started) || deadUnburied.test(started);
    if (performance.now() > deadline || !passes) throw notStarted(home, started);
    if (taken) wanted = undefined;
    await delay(retryMs);
  }
}

/** The server that runs already, once it is ready; one that is stopping is waited for until it is gone. */
export async function findServer(cluster: string): Promise<Postmaster | undefined> {
  const deadline = performance.now() + startPatienceMs;
  for (;;) {
    const running = await findPostmaster(cluster);
    if (running === undefined || running.status === "ready") return running;
    if (performance.now() > deadline) throw neverReady(running);
    await delay(pollMs);
  }
}

/** Stops the server of this cluster, if one runs, and waits until it is gone. Throws EMBEDDED_STOP_FAILED. */
export async function stopServer(cluster: string): Promise<void> {
  const running = await findPostmaster(cluster);
  if (running === undefined) return;
  signal(running.pid, "SIGINT"); // PostgreSQL's "fast": ends all sessions, then writes a checkpoint
  const deadline = performance.now() + stopPatienceMs;
  while ((await findPostmaster(cluster))?.pid === running.pid) {
    if (performance.now() > deadline) throw stopFailed(running.pid);
    await delay(pollMs);
  }
}

/** The running server, or, as a string, what it said before it ended. */
async function launch(home: Home, binaries: Binaries, args: string[]): Promise<Postmaster | string> {
  const log = await open(home.log, "a", 0o600);
  const { size } = await log.stat();
  const child = spawn(binaries.postgres, args, {
    ...runningAs(home.identity),
    detached: true, // a session of its own: the terminal's Ctrl-C and hang-up don't reach it
    stdio: ["ignore", log.fd, log.fd],
  });
  child.unref();
  const ended = once(child, "exit").catch((thrown: unknown) => thrown); // could not be spawned at all
  await log.close();
  const ready = await untilReady(child, home.cluster, ended);
  return ready ?? (await readLog(home.log, size));
}

/** Undefined when the process ended instead. The pid file tells without connecting, so that nothing is logged. */
async function untilReady(
  child: ChildProcess,
  cluster: string,
  ended: Promise<unknown>,
): Promise<Postmaster | undefined> {
  const deadline = performance.now() + startPatienceMs;
  const over = ended.then(() => "ended" as const);
  while ((await Promise.race([over, delay(pollMs)])) !== "ended") {
    const noted = await readPostmaster(cluster);
    if (noted?.pid === child.pid && noted?.status === "ready") return noted;
    if (performance.now() > deadline) child.kill("SIGQUIT");
  }
  return undefined;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (thrown) {
    if (errorCode(thrown) !== "ESRCH") throw thrown; // it ended by itself
  }
}

function notStarted(home: Home, output: string): HeadworksError {
  const message = `PostgreSQL did not start; the end of ${home.log}:`;
  return programFailure("EMBEDDED_START_FAILED", message, output);
}

function neverReady({ pid, status }: Postmaster): HeadworksError {
  return new HeadworksError({
    code: "EMBEDDED_START_FAILED",
    message: `PostgreSQL (process ${pid}) runs, but has been "${status}" for five minutes`,
    hint: "see the end of postgres.log in its data directory; it may be recovering from a crash on a slow disk: try again later",
  });
}

function stopFailed(pid: number): HeadworksError {
  return new HeadworksError({
    code: "EMBEDDED_STOP_FAILED",
    message: `PostgreSQL (process ${pid}) was told to stop, and still runs after a minute`,
    hint: `see the end of its log; nothing committed is lost if you end it with: kill -QUIT ${pid}`,
  });
}
