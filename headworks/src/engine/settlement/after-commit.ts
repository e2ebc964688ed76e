// What follows a settlement that has committed: files get their names, and others hear that there is work. None of it has to
// succeed, since housekeeping finishes files and polling finds work; what fails is logged and keeps nothing else from being done.

import { messageOf } from "../../domain/error.ts";
import { hintReadyTasks } from "../../store/queue/tasks.ts";
import type { RunServices } from "../run/services.ts";
import { settledFiles } from "./rows.ts";
import type { SettledRun } from "./settled-run.ts";

type Services = Pick<RunServices, "artifacts" | "database" | "log">;

export async function publishFiles(services: Services, runs: readonly SettledRun[]): Promise<void> {
  const files = settledFiles(runs);
  if (files.length === 0) return;
  await tolerate(services, "publishing files", services.artifacts.publish(services.database, files));
}

export async function hintReady(services: Services): Promise<void> {
  await tolerate(services, "telling of ready tasks", hintReadyTasks(services.database));
}

async function tolerate({ log }: Services, what: string, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    log.warn(`${what} after a settlement failed: ${messageOf(error)}`);
  }
}
