// Reads what a PostgreSQL server notes in `postmaster.pid`, and tells a running server from what a dead one left.

import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { readIfThere } from "./files.ts";
import { commandLineOf, markOf } from "./liveness.ts";

/** A server as its pid file describes it. */
export interface Postmaster {
  pid: number;
  port: number;
  /** `starting`, `ready`, `stopping`, or empty as long as the file is being written. */
  status: string;
  /** As the server was told when it started; the folder may have been moved since. */
  dataDirectory: string;
}

/** What the pid file says, whether or not that server still runs. */
export async function readPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const text = await readIfThere(join(cluster, "postmaster.pid"));
  const [pid, dataDirectory, , port, , , , status] = text?.split("\n").map((line) => line.trim()) ?? [];
  if (!pid || !dataDirectory || !port) return undefined;
  return { pid: Number(pid), port: Number(port), status: status ?? "", dataDirectory };
}

/**
 * The port of the last server of this cluster, running or not. One that was stopped takes its pid file along, but
 * PostgreSQL leaves its command line in `postmaster.opts`.
 */
export async function lastPort(cluster: string): Promise<number | undefined> {
  const noted = await readPostmaster(cluster);
  if (noted !== undefined) return noted.port;
  const options = await readIfThere(join(cluster, "postmaster.opts"));
  const port = /"port=(\d+)"/.exec(options ?? "")?.[1];
  return port === undefined ? undefined : Number(port);
}

/** The server of this cluster, if one runs. A process that merely got the pid of a dead one doesn't count. */
export async function findPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const noted = await readPostmaster(cluster);
  if (noted === undefined || (await markOf(noted.pid)) === undefined) return undefined;
  const command = await commandLineOf(noted.pid);
  return command !== undefined && serves(command, noted.dataDirectory) ? noted : undefined;
}

/** A server that somebody started by hand may not tell its folder; then it gets the benefit of the doubt. */
function serves(command: string, dataDirectory: string): boolean {
  if (!/(^|\/)(postgres|postmaster)( |$)/.test(command)) return false;
  return `${command} `.includes(` -D ${dataDirectory} `) || !command.includes(" -D /");
}

/**
 * Removes what a dead server left, when its pid belongs to somebody else now: PostgreSQL would believe that it runs.
 * Otherwise PostgreSQL does better by itself, since it also looks for survivors among the dead server's children.
 */
export async function clearReusedPid(cluster: string): Promise<void> {
  const noted = await readPostmaster(cluster);
  if (noted === undefined || (await markOf(noted.pid)) === undefined) return;
  const left = (await readdir(cluster)).filter(
    (name) => name === "postmaster.pid" || name.startsWith(".s.PGSQL."),
  );
  for (const name of left) await rm(join(cluster, name), { force: true });
}
