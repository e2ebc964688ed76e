// Registers a worker of this process in the store: once at its start, and again after its lease was lost.

import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../../domain/error.ts";
import { isConnectionLoss } from "../../store/database.ts";
import { registerWorker } from "../../store/queue/workers.ts";
import type { RunServices } from "../run/services.ts";
import { hostName, ownProcessKey } from "./process-key.ts";

const RETRY_MS = 1_000;

export interface Enlistment {
  id: string;
  concurrency: number;
  leaseMs: number;
}

/** Registers a worker under a lease. A database that is away is waited for; gives whether it is registered, and not `isOver` meanwhile. */
export async function enlistWorker(
  services: RunServices,
  enlistment: Enlistment,
  isOver: () => boolean,
): Promise<boolean> {
  return enlistUntil(services, enlistment, isOver, isConnectionLoss);
}

/** The same for one that was registered before, whatever is in the way. */
export async function enlistAgain(
  services: RunServices,
  enlistment: Enlistment,
  isOver: () => boolean,
): Promise<boolean> {
  return enlistUntil(services, enlistment, isOver, () => true);
}

async function enlistUntil(
  services: RunServices,
  { id, concurrency, leaseMs }: Enlistment,
  isOver: () => boolean,
  mayPass: (error: unknown) => boolean,
): Promise<boolean> {
  const { database, namespace, codeVersion, log } = services;
  const process = { host: hostName(), processKey: await ownProcessKey() };
  while (!isOver()) {
    try {
      await registerWorker(database, { id, namespace, ...process, codeVersion, concurrency }, leaseMs);
      return true;
    } catch (error) {
      if (!mayPass(error)) throw error;
      log.warn(`registering the worker failed and is tried again: ${messageOf(error)}`);
      await delay(RETRY_MS);
    }
  }
  return false;
}
