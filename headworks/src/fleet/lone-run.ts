// Runs one output in this process, where no fleet is there to do it: with housekeeping, and under a lease, as a fleet would.

import type { Environment, Registry } from "../define/registry.ts";
import { PROD } from "../domain/namespace.ts";
import { Engine } from "../engine/process/engine.ts";
import { openServices, type ServiceOptions } from "../engine/run/open-services.ts";
import { keepStrayErrors } from "../engine/run/stray-errors.ts";
import { isEnd } from "../operate/run-output.ts";
import { assemble } from "./assembly.ts";

export interface LoneRunOptions {
  registry: Registry;
  codeVersion: string;
  databaseUrl: string;
  dataDir: string;
  environment: Environment;
  log: ServiceOptions["log"];
  outputId: number;
  /** Ends it before its run has ended: the run is abandoned and uses up no attempt. */
  signal: AbortSignal;
}

/** Resolves when the run has ended and is settled, or the signal is aborted; one that is aborted already starts nothing. */
export async function runAlone(options: LoneRunOptions): Promise<void> {
  const { databaseUrl, outputId, signal } = options;
  if (signal.aborted) return;
  const services = openServices({ namespace: PROD, ...options });
  keepStrayErrors(services.log);
  const settled = Promise.withResolvers<void>();
  const engine = new Engine({
    ...assemble(services),
    databaseUrl,
    concurrency: 1,
    onlyOutputs: [outputId],
    onSettled: ({ settlement }) => {
      if (isEnd(settlement.reason)) settled.resolve();
    },
  });
  signal.addEventListener("abort", () => settled.resolve());
  try {
    await engine.start();
    await settled.promise;
  } finally {
    await engine.stop(0);
    await services.close();
  }
}
