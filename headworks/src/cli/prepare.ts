// Brings the database to what this version of Headworks and the configuration need, and says what it has changed.

import type { Registry } from "../define/registry.ts";
import { applyMigrations, prepareDatasets } from "../operate/migrations.ts";
import type { Operator } from "../operate/operator.ts";
import type { DatasetChange } from "../store/dataset/schema.ts";

const TABLES_TOLD = 5;

/** Changes datasets' tables only if `applyDatasets`. Throws DATASETS_PENDING and DATASETS_UNSAFE. */
export async function prepareDatabase(
  operator: Operator,
  registry: Registry,
  { applyDatasets, say }: { applyDatasets: boolean; say: (message: string) => void },
): Promise<void> {
  for (const { version, name } of await applyMigrations(operator)) say(`migrated: ${version} ${name}`);
  const changes = await prepareDatasets(operator, registry, { apply: applyDatasets });
  for (const line of appliedLines(changes)) say(line);
}

/** A few new tables are told of one by one, with their columns; of many, the names are enough. */
function appliedLines(changes: readonly DatasetChange[]): string[] {
  const created = changes.filter((change) => change.sql[0]?.startsWith("create table"));
  if (created.length <= TABLES_TOLD) return changes.map((change) => `dataset ${change.description}`);
  const others = changes.filter((change) => !created.includes(change));
  const names = created.map((change) => change.dataset).join(", ");
  return [
    `${created.length} tables of datasets created: ${names}`,
    ...others.map((change) => `dataset ${change.description}`),
  ];
}
