// Every operation there is, by name: what routes, the reference and tests of the contract go through.

import * as backups from "./backups.ts";
import * as breakers from "./breakers.ts";
import * as configurations from "./configurations.ts";
import * as failures from "./failures.ts";
import * as health from "./health.ts";
import * as migrations from "./migrations.ts";
import type { Operation } from "./operation.ts";
import * as outputs from "./outputs.ts";
import * as queues from "./queues.ts";
import * as redrives from "./redrives.ts";
import * as retention from "./retention.ts";
import * as schedules from "./schedules.ts";
import * as tasks from "./tasks.ts";
import * as workers from "./workers.ts";

const GROUPS: readonly Readonly<Record<string, unknown>>[] = [
  backups,
  breakers,
  configurations,
  failures,
  health,
  migrations,
  outputs,
  queues,
  redrives,
  retention,
  schedules,
  tasks,
  workers,
];

function isOperation(exported: unknown): exported is Operation {
  return typeof exported === "object" && exported !== null && "path" in exported && "output" in exported;
}

export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  GROUPS.flatMap((group) => Object.values(group))
    .filter(isOperation)
    .map((operation) => [operation.name, operation]),
);
