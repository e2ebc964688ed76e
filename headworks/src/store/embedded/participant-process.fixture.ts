// What the tests of the embedded server share: folders of their own, other processes that join, and a look at the data.

import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { onTestFinished } from "vitest";
import { makeServerFolder } from "../../testing/folder.ts";
import { stopServer } from "./process.ts";
import { type EmbeddedOptions, joinEmbeddedServer } from "./server.ts";

/** What another process says after joining. */
interface Joined {
  url: string;
  dataDir: string;
  adopted: boolean;
  notices: string[];
}

/** Another process that has been told to join. */
export interface ParticipantProcess {
  child: ChildProcess;
  joined: Promise<Joined>;
  leave(): Promise<void>;
}

/** A data directory for one test, not yet made; at the end whatever server runs in it is stopped. */
export async function makeDataDir(): Promise<string> {
  const folder = await makeServerFolder();
  onTestFinished(async () => {
    const cluster = join(folder, "data", "postgres", "cluster");
    if (existsSync(cluster)) await stopServer(cluster);
    await rm(folder, { recursive: true, force: true });
  });
  return join(folder, "data");
}

/** Joins here, and forgets nothing: what the test doesn't leave is left at its end. */
export async function joinHere(options: EmbeddedOptions) {
  const server = await joinEmbeddedServer(options);
  onTestFinished(() => server.leave());
  return server;
}

/** Joins in another process. */
export function joinElsewhere(options: EmbeddedOptions, spawning: SpawnOptions = {}): ParticipantProcess {
  const script = fileURLToPath(new URL("./participant.fixture.ts", import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(options)], {
    ...spawning,
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  if (child.stdout === null) throw new Error("no pipe to the child");
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const joined = nextLine(lines);
  const leave = async () => {
    child.stdin?.write("leave\n");
    await nextLine(lines);
  };
  return { child, joined, leave };
}

/** Ends a process the hard way, and waits until it is gone. */
export async function kill(child: ChildProcess, signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
}

/** Runs one statement on a connection of its own. */
export async function query(connectionString: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function nextLine(lines: AsyncIterator<string>) {
  const { value, done } = await lines.next();
  if (done) throw new Error("the other process ended without a word");
  return JSON.parse(value);
}
