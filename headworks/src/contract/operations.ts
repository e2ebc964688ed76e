// Every operation there is, by name: what routes, the reference and tests of the contract go through.

import type { Operation } from "./operation.ts";
import * as queues from "./queues.ts";
import * as tasks from "./tasks.ts";

const GROUPS: readonly Readonly<Record<string, unknown>>[] = [queues, tasks];

function isOperation(exported: unknown): exported is Operation {
  return typeof exported === "object" && exported !== null && "path" in exported && "output" in exported;
}

export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  GROUPS.flatMap((group) => Object.values(group))
    .filter(isOperation)
    .map((operation) => [operation.name, operation]),
);
