// Opens a namespace beside `prod`: its tables and overlays, its own configuration, and the outputs that were selected for it.

import type { Registry } from "../../define/registry.ts";
import { type Database, transaction } from "../../store/database.ts";
import { applyDatasetChanges, planDatasetChanges } from "../../store/dataset/schema.ts";
import { type NamedSlice, readInstant } from "../../store/ledger/planning.ts";
import { createNamespace, type Registration, registerConfiguration } from "../../store/queue/registry.ts";
import { type Planned, replanEdges } from "./planner.ts";
import { planSelection } from "./selection.ts";

export interface NamespaceRequest {
  namespace: string;
  registry: Registry;
  codeVersion: string;
  /** What is to be run in it. */
  selection: readonly NamedSlice[];
}

/**
 * Registers a configuration in a namespace, which is made where it isn't there, and plans exactly what is selected. Nothing of
 * `prod` changes by it. Throws NAMESPACE_NAME_INVALID, OVERLAY_IMPOSSIBLE and UPSTREAM_NOT_EXPECTED.
 */
export async function openNamespace(
  database: Database,
  { namespace, registry, codeVersion, selection }: NamespaceRequest,
): Promise<Registration & Planned> {
  const registration = await transaction(database, async (connection) => {
    await createNamespace(connection, namespace);
    const changes = await planDatasetChanges(connection, namespace, registry.datasets.values());
    await applyDatasetChanges(connection, namespace, changes);
    const changed = await registerConfiguration(connection, namespace, registry, codeVersion);
    const now = await readInstant(connection);
    await replanEdges(connection, registry, namespace, changed.needsChanged, now);
    return changed;
  });
  const planned = await planSelection(database, registry, namespace, selection);
  return { ...registration, ...planned };
}
