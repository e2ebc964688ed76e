// Runs the command line as people do: as a process of its own.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const LAUNCHER = fileURLToPath(new URL("../../bin/headworks.js", import.meta.url));

/** The configuration of the small season. */
export const SEASON = fileURLToPath(new URL("./fixtures/season.config.ts", import.meta.url));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunningCommand extends AsyncDisposable {
  /** Resolves when stderr has shown this; rejects when the command ends before. */
  said(text: string): Promise<void>;
  saidTimes(text: string, times: number): Promise<void>;
  signal(name: NodeJS.Signals): void;
  pid: number;
  ended: Promise<Ended>;
}

export interface Surroundings {
  env?: Record<string, string>;
  cwd?: string;
}

/** Starts a command; a test that ends takes it along. */
export function startCommand(args: readonly string[], { env = {}, cwd }: Surroundings = {}): RunningCommand {
  const {
    NO_COLOR: _no,
    FORCE_COLOR: _force,
    DATABASE_URL: _url,
    VITEST: _vitest,
    ...inherited
  } = process.env;
  const child = spawn(process.execPath, [LAUNCHER, ...args], {
    env: { ...inherited, HEADWORKS_CODE_VERSION: "test", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd !== undefined && { cwd }),
  });
  const output = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
      for (const listener of listeners) listener();
    });
  }
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, ...output }));
  const saidTimes = (text: string, times: number) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (output.stderr.split(text).length <= times) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      look();
      void ended.then(() => reject(new Error(`it ended without saying "${text}":\n${output.stderr}`)));
    });
  return {
    ended,
    pid: child.pid ?? 0,
    signal: (name) => void child.kill(name),
    said: (text) => saidTimes(text, 1),
    saidTimes,
    [Symbol.asyncDispose]: () => kill(child, ended),
  };
}

/** Runs a command to its end. */
export async function runCommand(args: readonly string[], surroundings?: Surroundings): Promise<Ended> {
  return startCommand(args, surroundings).ended;
}

async function kill(child: ChildProcess, ended: Promise<Ended>): Promise<void> {
  child.kill("SIGKILL");
  await ended;
}
