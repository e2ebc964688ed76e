// Keeps one process per contender for as long as the bench runs, so that each is warm and none disturbs another.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Contender, Place } from "./contender.ts";
import type { Answer } from "./contender-main.ts";
import type { Measurements } from "./measurements.ts";
import type { FreshPlace, Servers } from "./servers.ts";

type ResultOf<M extends keyof Measurements> = Awaited<ReturnType<Measurements[M]>>;
type OptionsOf<M extends keyof Measurements> = Parameters<Measurements[M]>[2];

/** A contender that has not answered by then never will. */
const LONGEST_MS = 600_000;
/** How a peer calls pg is not for us to fix. */
const QUIET = ["--disable-warning=DeprecationWarning"];

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
    await using fresh = await this.freshPlace(contender);
    return await this.measureIn(fresh.place, contender, measurement, options);
  }

  /** A database that stays until the caller is done with it. */
  freshPlace(contender: Contender): Promise<FreshPlace> {
    return this.#servers.freshPlace(contender);
  }

  async measureIn<M extends keyof Measurements>(
    place: Place,
    contender: Contender,
    measurement: M,
    options: OptionsOf<M>,
  ): Promise<ResultOf<M>> {
    const child = this.#processOf(contender);
    child.send({ measurement, place, options });
    const answer = await answerOf(contender.name, child);
    if (answer.kind === "measured") return answer.result as ResultOf<M>;
    throw new Error(`${contender.name}: ${answer.message}`);
  }

  stop(): void {
    for (const child of this.#processes.values()) if (child.connected) child.disconnect();
  }

  #processOf({ name }: Contender): ChildProcess {
    const existing = this.#processes.get(name);
    if (existing?.connected) return existing;
    const child = fork(new URL("contender-main.ts", import.meta.url), [name], {
      execArgv: [...process.execArgv, ...QUIET],
    });
    this.#processes.set(name, child);
    return child;
  }
}

/** Throws when the process ends, or is silent for too long. */
async function answerOf(name: string, child: ChildProcess): Promise<Answer> {
  const over = new AbortController();
  const { signal } = over;
  const silent = setTimeout(() => child.kill(), LONGEST_MS);
  const ended = once(child, "exit", { signal }).then(([code, killedBy]) => {
    throw new Error(`${name}: its process ended (${code ?? killedBy}) without an answer`);
  });
  const answered = once(child, "message", { signal }).then(([answer]) => answer as Answer);
  try {
    return await Promise.race([answered, ended]);
  } finally {
    clearTimeout(silent);
    over.abort();
  }
}
