// Keeps `headworks start` running in a child process while somebody works on the configuration: a change drains and
// starts it again. When this process dies, the child notices and drains.

import { type ChildProcess, fork } from "node:child_process";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { GlobalOptions } from "./globals.ts";
import { listenForInterruption } from "./interruption.ts";
import { writeMessage } from "./render/output.ts";
import { openStore } from "./session.ts";
import { watchFolder } from "./watch-folder.ts";

const LAUNCHER = fileURLToPath(new URL("../../bin/headworks.js", import.meta.url));
/** Editors write a file in several steps. */
const CALM_MS = 150;

/** Runs until Ctrl-C. `startOptions` are those of `headworks start`. */
export async function develop(options: GlobalOptions, startOptions: readonly string[]): Promise<void> {
  using interruption = listenForInterruption();
  // Joined here too, so that the embedded server doesn't stop between two starts.
  const store = options.databaseUrl ? undefined : await openStore(options);
  const changes = followChanges(
    resolve(options.config === undefined ? "." : dirname(options.config)),
    resolve(options.dataDir),
  );
  interruption.signal.addEventListener("abort", changes.wake);
  try {
    while (!interruption.signal.aborted) {
      const child = startChild(options, startOptions);
      await Promise.race([changes.next(), child.ended]);
      if (!child.hasEnded()) await child.stop();
      else if (!interruption.signal.aborted) {
        writeMessage("waiting for a change");
        await changes.next();
      }
      const changed = changes.take();
      if (changed !== undefined) writeMessage(`${changed} changed: starting again`);
    }
  } finally {
    changes.close();
    await store?.close();
  }
}

interface Child {
  ended: Promise<void>;
  hasEnded(): boolean;
  /** Drains it. */
  stop(): Promise<void>;
}

function startChild(options: GlobalOptions, startOptions: readonly string[]): Child {
  const args = ["start", ...startOptions, "--data-dir", options.dataDir];
  if (options.config !== undefined) args.push("--config", options.config);
  const child: ChildProcess = fork(LAUNCHER, args, {
    // The address has a password in it, which command lines show to everybody.
    env: { ...process.env, ...(options.databaseUrl && { DATABASE_URL: options.databaseUrl }) },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    // Its own process group: a Ctrl-C is ours to answer.
    detached: true,
  });
  const ended = new Promise<void>((done) => child.once("exit", () => done()));
  return {
    ended,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

interface Changes {
  /** Resolves once something has changed since the last `take` and it has been calm for a moment; or when woken. */
  next(): Promise<void>;
  /** The file that changed; begins anew. */
  take(): string | undefined;
  wake(): void;
  close(): void;
}

function followChanges(folder: string, dataDir: string): Changes {
  let changed: string | undefined;
  let awake = Promise.withResolvers<void>();
  let calm: NodeJS.Timeout | undefined;
  const watcher = watchFolder(folder, dataDir, (path) => {
    changed = path;
    clearTimeout(calm);
    calm = setTimeout(() => awake.resolve(), CALM_MS);
  });
  return {
    next: () => awake.promise,
    take() {
      const taken = changed;
      changed = undefined;
      awake = Promise.withResolvers<void>();
      return taken;
    },
    wake: () => awake.resolve(),
    close() {
      clearTimeout(calm);
      watcher.close();
    },
  };
}
