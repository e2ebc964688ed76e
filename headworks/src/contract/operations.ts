// Every operation there is, by name: what routes, the reference and tests of the contract go through.

import * as backups from "./backups.ts";
import * as breakers from "./breakers.ts";
import * as configurations from "./configurations.ts";
import * as failures from "./failures.ts";
import * as graph from "./graph.ts";
import * as health from "./health.ts";
import * as lineage from "./lineage.ts";
import * as logs from "./logs.ts";
import * as migrations from "./migrations.ts";
import type { Operation } from "./operation.ts";
import * as outputs from "./outputs.ts";
import * as queues from "./queues.ts";
import * as redrives from "./redrives.ts";
import * as retention from "./retention.ts";
import * as runs from "./runs.ts";
import * as schedules from "./schedules.ts";
import * as status from "./status.ts";
import * as tasks from "./tasks.ts";
import * as workers from "./workers.ts";

const GROUPS: readonly Readonly<Record<string, unknown>>[] = [
  backups,
  breakers,
  configurations,
  failures,
  graph,
  health,
  migrations,
  lineage,
  logs,
  outputs,
  queues,
  redrives,
  retention,
  runs,
  schedules,
  status,
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
