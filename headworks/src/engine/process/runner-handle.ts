// One runner process as its supervisor sees it: forked, pinged every second, killed when it is told to be stuck.

import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startTimer } from "../timer.ts";
import {
  type RunnerSettings,
  SETTINGS_VARIABLE,
  type ToRunner,
  type ToSupervisor,
} from "./runner-protocol.ts";

const PING_EVERY_MS = 1_000;
/** A runner that has never registered and says nothing for so long hangs while it loads its configuration, in milliseconds. */
const LOADING_MS = 60_000;
/** A runner that has said nothing for so long is silent, in milliseconds. */
export const SILENT_AFTER_MS = 5_000;
const LAUNCHER = fileURLToPath(new URL("../../../bin/headworks.js", import.meta.url));

export interface RunnerExit {
  pid: number | undefined;
  /** Undefined when it never came to register. */
  worker: string | undefined;
  /** Whether it was killed because it no longer answered, or never came to register. */
  stuck: boolean;
  expected: boolean;
  /** Null when it was ended by a signal. */
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface RunnerEvents {
  onRegistered(worker: string): void;
  onExit(exit: RunnerExit): void;
  /** Told once a second for as long as it is silent. */
  onSilent(): void;
  onFailed(failure: Extract<ToSupervisor, { kind: "failed" }>): void;
}

export class RunnerHandle {
  worker: string | undefined;
  running = 0;
  readonly startedAt = Date.now();

  readonly #child: ChildProcess;
  readonly #pings: NodeJS.Timeout;
  readonly #exited: Promise<void>;
  #lastPong = Date.now();
  #stuck = false;
  #stopping = false;

  constructor(settings: RunnerSettings, events: RunnerEvents, loadingMs = LOADING_MS) {
    this.#child = fork(LAUNCHER, ["runner"], {
      env: { ...process.env, [SETTINGS_VARIABLE]: JSON.stringify(settings) },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      // Its own process group: a Ctrl-C is the supervisor's to answer.
      detached: true,
    });
    this.#child.on("message", (message: ToSupervisor) => this.#hear(message, events));
    this.#child.on("error", () => undefined);
    this.#exited = new Promise((resolve) => {
      this.#child.once("exit", (code, signal) => {
        clearInterval(this.#pings);
        const { pid, worker } = this;
        events.onExit({ pid, worker, stuck: this.#stuck, expected: this.#stopping, code, signal });
        resolve();
      });
    });
    this.#pings = setInterval(() => {
      if (this.worker === undefined && Date.now() - this.#lastPong > loadingMs) this.killStuck();
      else this.#ping(events);
    }, PING_EVERY_MS);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  leaseLost(): void {
    this.#say({ kind: "lease_lost" });
  }

  /** Ends it at once, as one that no longer answers. */
  killStuck(): void {
    this.#stuck = true;
    this.#child.kill("SIGKILL");
  }

  /** Asks it to drain, and kills it when it doesn't leave within the grace and some more. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#say({ kind: "stop", graceMs });
    const kill = startTimer(() => this.#child.kill("SIGKILL"), graceMs + SILENT_AFTER_MS);
    await this.#exited;
    kill.clear();
  }

  #hear(message: ToSupervisor, events: RunnerEvents): void {
    this.#lastPong = Date.now();
    switch (message.kind) {
      case "registered":
        this.worker = message.worker;
        events.onRegistered(message.worker);
        return;
      case "pong":
        this.running = message.running;
        return;
      case "failed":
        events.onFailed(message);
        return;
    }
  }

  #ping(events: RunnerEvents): void {
    if (Date.now() - this.#lastPong > SILENT_AFTER_MS && !this.#stuck) events.onSilent();
    this.#say({ kind: "ping" });
  }

  #say(message: ToRunner): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }
}
