// Keeps one process per contender for as long as the bench runs, so that each is warm and none disturbs another.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Contender } from "./contender.ts";
import type { Answer } from "./contender-main.ts";
import type { Measurements } from "./measurements.ts";
import type { Servers } from "./servers.ts";

type ResultOf<M extends keyof Measurements> = Awaited<ReturnType<Measurements[M]>>;
type OptionsOf<M extends keyof Measurements> = Parameters<Measurements[M]>[2];

/** Asks contenders to measure. */
export class ContenderProcesses {
  readonly #servers: Servers;
  readonly #processes = new Map<string, ChildProcess>();

  constructor(servers: Servers) {
    this.#servers = servers;
  }

  /** Has a contender measure on a fresh database. Throws what went wrong there. */
  async measure<M extends keyof Measurements>(
    contender: Contender,
    measurement: M,
    options: OptionsOf<M>,
  ): Promise<ResultOf<M>> {
    await using place = await this.#servers.freshPlace(contender);
    const child = this.#processOf(contender);
    child.send({ measurement, place: place.place, options });
    const [answer] = (await once(child, "message", { signal: gone(child) })) as [Answer];
    if (answer.kind === "measured") return answer.result as ResultOf<M>;
    throw new Error(`${contender.name}: ${answer.message}`);
  }

  stop(): void {
    for (const child of this.#processes.values()) child.disconnect();
  }

  #processOf({ name }: Contender): ChildProcess {
    const existing = this.#processes.get(name);
    if (existing?.connected) return existing;
    const child = fork(new URL("contender-main.ts", import.meta.url), [name], { execArgv: process.execArgv });
    this.#processes.set(name, child);
    return child;
  }
}

/** Aborted when the process ends, since it will never answer then. */
function gone(child: ChildProcess): AbortSignal {
  const controller = new AbortController();
  child.once("exit", (code, signal) =>
    controller.abort(new Error(`the contender ended (${code ?? signal})`)),
  );
  return controller.signal;
}
