// Registers a worker of this process in the store: once at its start, and again after its lease was lost.

import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../domain/error.ts";
import { registerWorker } from "../store/workers.ts";
import { hostName, ownProcessKey } from "./process-key.ts";
import type { RunServices } from "./services.ts";

const RETRY_MS = 1_000;

export interface Enlistment {
  id: string;
  concurrency: number;
  leaseMs: number;
}

/** Registers a worker under a lease. */
export async function enlistWorker(services: RunServices, enlistment: Enlistment): Promise<void> {
  const { id, concurrency, leaseMs } = enlistment;
  const { database, codeVersion } = services;
  const process = { host: hostName(), processKey: await ownProcessKey() };
  await registerWorker(database, { id, ...process, codeVersion, concurrency }, leaseMs);
}

/** The same, as often as it takes; gives whether it is registered, and not `isOver` meanwhile. */
export async function enlistAgain(
  services: RunServices,
  enlistment: Enlistment,
  isOver: () => boolean,
): Promise<boolean> {
  while (!isOver()) {
    try {
      await enlistWorker(services, enlistment);
      return true;
    } catch (error) {
      services.log.warn(`registering the worker again failed: ${messageOf(error)}`);
      await delay(RETRY_MS);
    }
  }
  return false;
}
