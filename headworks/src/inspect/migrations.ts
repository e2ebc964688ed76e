// Questions about migrations: what is pending of Headworks' own tables, and of the tables of datasets.

import type * as contract from "../contract/migrations.ts";
import type { OutputOf } from "../contract/operation.ts";
import type { Registry } from "../define/registry.ts";
import type { Executor } from "../store/database.ts";
import * as schema from "../store/dataset/schema.ts";
import { listPendingMigrations } from "../store/migrate.ts";

/** Changes of datasets are compared when there is a registry, and once Headworks' own tables are up to date. */
export async function planMigrations(
  executor: Executor,
  namespace: string,
  registry: Registry | undefined,
): Promise<OutputOf<typeof contract.planMigrations>> {
  const migrations = await listPendingMigrations(executor);
  const planned =
    registry === undefined || migrations.length > 0 ? [] : await planDatasets(executor, namespace, registry);
  return { migrations, datasets: planned.map(asData), applied: false };
}

/** The changes that tables of datasets need, without remarks on tables that are kept as they are. */
export async function planDatasets(
  executor: Executor,
  namespace: string,
  { datasets }: Registry,
): Promise<schema.DatasetChange[]> {
  const changes = await schema.planDatasetChanges(executor, namespace, datasets.values());
  return changes.filter((change) => change.sql.length > 0);
}

/** Without what only the store needs to apply it. */
export function asData({ target: _target, sql, ...change }: schema.DatasetChange): contract.DatasetChange {
  return { ...change, sql: [...sql] };
}
