// One runner process as its supervisor sees it: forked, pinged every second, killed when it is stuck past what it runs.

import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import {
  type RunnerSettings,
  SETTINGS_VARIABLE,
  type ToRunner,
  type ToSupervisor,
} from "./runner-protocol.ts";

const PING_EVERY_MS = 1_000;
/** Silent for so long, a runner counts as stuck once what it runs is past its time. */
const SILENT_AFTER_MS = 5_000;
const LAUNCHER = fileURLToPath(new URL("../../bin/headworks.js", import.meta.url));

export interface RunnerEvents {
  onRegistered(worker: string): void;
  /** `stuck` tells that it was killed because it no longer answered. */
  onExit(exit: { worker: string | undefined; stuck: boolean; expected: boolean; code: number | null }): void;
  onFailed(failure: Extract<ToSupervisor, { kind: "failed" }>): void;
}

export class RunnerHandle {
  worker: string | undefined;
  running = 0;
  readonly startedAt = Date.now();

  readonly #child: ChildProcess;
  readonly #longestRunMs: number;
  readonly #pings: NodeJS.Timeout;
  readonly #exited: Promise<void>;
  #lastPong = Date.now();
  #earliestDeadline: number | null = null;
  #stuck = false;
  #stopping = false;

  /** `longestRunMs`: the longest hard timeout that any run of it has. */
  constructor(settings: RunnerSettings, events: RunnerEvents, longestRunMs: number) {
    this.#longestRunMs = longestRunMs;
    this.#child = fork(LAUNCHER, ["runner"], {
      env: { ...process.env, [SETTINGS_VARIABLE]: JSON.stringify(settings) },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      // Its own process group: a Ctrl-C is the supervisor's to answer.
      detached: true,
    });
    this.#child.on("message", (message: ToSupervisor) => this.#hear(message, events));
    this.#child.on("error", () => undefined);
    this.#exited = new Promise((resolve) => {
      this.#child.once("exit", (code) => {
        clearInterval(this.#pings);
        events.onExit({ worker: this.worker, stuck: this.#stuck, expected: this.#stopping, code });
        resolve();
      });
    });
    this.#pings = setInterval(() => this.#ping(), PING_EVERY_MS);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  leaseLost(): void {
    this.#say({ kind: "lease_lost" });
  }

  /** Asks it to drain, and kills it when it doesn't leave within the grace and some more. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#say({ kind: "stop", graceMs });
    const kill = setTimeout(() => this.#child.kill("SIGKILL"), graceMs + SILENT_AFTER_MS);
    await this.#exited;
    clearTimeout(kill);
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
        this.#earliestDeadline = message.earliestDeadline;
        return;
      case "failed":
        events.onFailed(message);
        return;
    }
  }

  #ping(): void {
    const silent = Date.now() - this.#lastPong > SILENT_AFTER_MS;
    // A run that blocked the process before it could tell of it has begun after its last word.
    const deadline = this.#earliestDeadline ?? this.#lastPong + this.#longestRunMs;
    const overdue = Date.now() > deadline + SILENT_AFTER_MS;
    if (silent && overdue && !this.#stuck) {
      this.#stuck = true;
      this.#child.kill("SIGKILL");
      return;
    }
    this.#say({ kind: "ping" });
  }

  #say(message: ToRunner): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }
}
