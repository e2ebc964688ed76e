// The duties of the engine: planning, rescuing, expiring, redriving, sweeping, finishing files, retention, schedules.

import { PROD } from "../../domain/namespace.ts";
import { forgetGoneHosts } from "../../store/history/duties.ts";
import { readInstant } from "../../store/ledger/planning.ts";
import { expireTasks } from "../../store/queue/tasks-by-hand.ts";
import { watchRetryStorms } from "../breaker/retry-storms.ts";
import { planOpenSlices } from "../planning/planner.ts";
import type { RunServices } from "../run/services.ts";
import type { Duty } from "./duty.ts";
import { keepRetention } from "./pruner.ts";
import { stepRedrives } from "./redrives.ts";
import type { Rescuer } from "./rescuer.ts";
import { keepSchedules, pruneOldSlots } from "./scheduler.ts";
import { Sweeper } from "./sweeper.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** What the engine does besides running tasks. Another namespace than `prod` does by itself only what its own tasks need. */
export function engineDuties(services: RunServices, rescuer: Rescuer): Duty[] {
  const { namespace } = services;
  const duties = commonDuties(services, rescuer);
  if (namespace === PROD) return [...duties, ...prodDuties(services)];
  return duties.map((duty) => ({ ...duty, name: `${duty.name} in ${namespace}` }));
}

function commonDuties(
  { database, namespace, artifacts, codeVersion }: RunServices,
  rescuer: Rescuer,
): Duty[] {
  const sweeper = new Sweeper(database, namespace);
  return [
    {
      name: "rescuing",
      everyMs: 3 * SECOND,
      first: "before_work",
      run: () => rescuer.rescue(),
    },
    {
      name: "sweeping",
      everyMs: 30 * SECOND,
      first: "before_work",
      run: () => sweeper.round(),
    },
    {
      name: "finishing files",
      everyMs: 60 * SECOND,
      first: "before_work",
      run: () => artifacts.recover(database),
    },
    {
      name: "expiring tasks",
      everyMs: SECOND,
      first: "at_start",
      run: () => expireTasks(database, namespace, codeVersion),
    },
    { name: "redriving", everyMs: SECOND, first: "at_start", run: () => stepRedrives(database) },
    {
      name: "watching retries",
      everyMs: 15 * SECOND,
      first: "at_start",
      run: () => watchRetryStorms(database),
    },
  ];
}

function prodDuties(services: RunServices): Duty[] {
  const { database, namespace, registry, codeVersion } = services;
  const planned = new Set<string>();
  const duties: Duty[] = [
    {
      // Registration has planned what is open now.
      name: "planning",
      everyMs: 30 * SECOND,
      first: "later",
      async run() {
        const now = await readInstant(database);
        await planOpenSlices(database, registry, namespace, now, planned, codeVersion);
      },
    },
    {
      name: "retention",
      everyMs: HOUR,
      first: "at_start",
      run: () => keepRetention(database, registry, services),
    },
    { name: "forgetting hosts", everyMs: HOUR, first: "at_start", run: () => forgetGoneHosts(database) },
  ];
  return registry.schedules.size === 0 ? duties : [...duties, ...schedulingDuties(services)];
}

function schedulingDuties({ database, namespace, registry, codeVersion }: RunServices): Duty[] {
  const scheduling = { database, registry, namespace, codeVersion };
  return [
    { name: "schedules", everyMs: SECOND, first: "at_start", run: () => keepSchedules(scheduling) },
    { name: "forgetting slots", everyMs: HOUR, first: "at_start", run: () => pruneOldSlots(database) },
  ];
}
