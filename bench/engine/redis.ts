// A Redis for the contenders that need one, when a redis-server is on the PATH: kept on disk as its makers advise.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { promisify } from "node:util";

export interface Redis {
  version: string;
  settings: string;
  port: number;
  pid: number | undefined;
  empty(database: number): Promise<void>;
  stop(): Promise<void>;
}

/** What BullMQ asks of a Redis in production: an append-only file that is synced every second, and nothing evicted. */
const SETTINGS = [
  "--save",
  "",
  "--appendonly",
  "yes",
  "--appendfsync",
  "everysec",
  "--maxmemory-policy",
  "noeviction",
];

/** Undefined when there is no redis-server. */
export async function startRedis(folder: string): Promise<Redis | undefined> {
  const version = await findVersion();
  if (version === undefined) return undefined;
  const port = await freePort();
  const server = spawn(
    "redis-server",
    ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder, ...SETTINGS],
    { stdio: "ignore" },
  );
  await untilAnswering(server, port);
  return {
    version,
    settings: "appendonly yes, appendfsync everysec: up to a second is lost with the power",
    port,
    pid: server.pid,
    empty: async (database) => void (await ask(port, `SELECT ${database}\r\nFLUSHDB`)),
    async stop() {
      const ended = once(server, "exit");
      server.kill();
      await ended;
    },
  };
}

async function findVersion(): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("redis-server", ["--version"]);
    return /v=([\d.]+)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

async function untilAnswering(server: ChildProcess, port: number): Promise<void> {
  while (server.exitCode === null) {
    const reply = await ask(port, "PING").catch(() => "");
    if (reply.startsWith("+PONG")) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`redis-server ended with ${server.exitCode}`);
}

/** One inline command; gives the raw reply. */
async function ask(port: number, command: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(`${command}\r\n`);
  const [reply] = (await once(socket, "data")) as [Buffer];
  socket.destroy();
  return reply.toString();
}
