// Registers the configuration that somebody starts with, and plans what it expects.

import type * as contract from "../contract/configurations.ts";
import type { OutputOf } from "../contract/operation.ts";
import type { Registry } from "../define/registry.ts";
import { registerAndPlan } from "../engine/planning/registration.ts";
import { recordAudit } from "../store/history/records.ts";
import type { Operator } from "./operator.ts";

/** What was loaded, and the version of its code. */
export interface LoadedConfiguration {
  registry: Registry;
  codeVersion: string;
}

/** The audit row commits with the registration; what is expected then is planned in batches. */
export async function registerConfiguration(
  { database, namespace, actor }: Operator,
  { registry, codeVersion }: LoadedConfiguration,
): Promise<OutputOf<typeof contract.registerConfiguration>> {
  const registered = await registerAndPlan(
    database,
    registry,
    codeVersion,
    namespace,
    (connection, { retired, retiredSchedules }) =>
      recordAudit(connection, {
        ...{ actor, action: "configurations.register", subject: codeVersion },
        details: { retired_processors: retired, retired_schedules: retiredSchedules },
      }),
  );
  return {
    code_version: codeVersion,
    retired_processors: registered.retired,
    retired_schedules: registered.retiredSchedules,
    planned_outputs: registered.outputs,
  };
}
