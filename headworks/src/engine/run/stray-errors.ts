// Errors that nobody awaits: each ends the run that it belongs to, and not the process with all its other runs.

import { AsyncLocalStorage } from "node:async_hooks";
import { messageOf } from "../../domain/error.ts";
import type { Log } from "../../telemetry/log.ts";
import type { RunLimits } from "./limits.ts";

const current = new AsyncLocalStorage<RunLimits>();

/** Calls a handler so that what it starts is known to be of this run, however late it fails. */
export function asRun<Context, T>(limits: RunLimits, handler: (context: Context) => T, context: Context): T {
  return current.run(limits, handler, context);
}

/** For a process whose runs are those of a user's configuration. An error that belongs to no run ends the process, as ever. */
export function keepStrayErrors(log: Log): void {
  const onError = (error: unknown): void => {
    const limits = current.getStore();
    if (limits === undefined) {
      console.error(error);
      process.exit(1);
    }
    if (limits.isOver)
      log.warn(
        `the run ${limits.runId} has ended, and something that it left behind failed: ${messageOf(error)}`,
      );
    else limits.fail(error);
  };
  process.on("unhandledRejection", onError);
  process.on("uncaughtException", onError);
}

/**
 * Marks a promise of something that was only asked for: somebody may await it later, or never, and that it fails is no stray
 * error. What a run writes isn't marked: a write that fails unseen ends the run.
 */
export function awaitable<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** The same of everything that these methods give. */
export function awaitableMethods<Api extends object>(api: Api): Api {
  const methods = Object.entries(api).map(([name, method]) => [
    name,
    (...args: readonly unknown[]) => {
      const given: unknown = method(...args);
      return given instanceof Promise ? awaitable(given) : given;
    },
  ]);
  return Object.fromEntries(methods) as Api;
}
