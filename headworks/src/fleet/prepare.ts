// Brings the database to what this version of Headworks and the configuration need: its own tables, the datasets' tables.

import type { Registry } from "../define/registry.ts";
import { HeadworksError } from "../domain/error.ts";
import { PROD } from "../domain/namespace.ts";
import { type Database, transaction } from "../store/database.ts";
import { applyDatasetChanges, type DatasetChange, planDatasetChanges } from "../store/dataset/schema.ts";
import { migrate } from "../store/migrate.ts";

/** Applies Headworks' own migrations and says so. */
export async function migrateOwnTables(database: Database, say: (message: string) => void): Promise<void> {
  for (const { version, name } of await migrate(database)) say(`migrated: ${version} ${name}`);
}

const TABLES_TOLD = 5;

/** The changes that datasets' tables need, without the remarks on tables that are kept as they are. */
export async function planTables(database: Database, registry: Registry): Promise<DatasetChange[]> {
  const changes = await planDatasetChanges(database, PROD, registry.datasets.values());
  return changes.filter((change) => change.sql.length > 0);
}

export async function applyTables(database: Database, changes: readonly DatasetChange[]): Promise<void> {
  await transaction(database, (connection) => applyDatasetChanges(connection, PROD, changes));
}

/** Applies the pending changes when that was asked for and all are safe. Throws DATASETS_PENDING and DATASETS_UNSAFE. */
export async function prepareTables(
  database: Database,
  registry: Registry,
  options: { apply: boolean; say: (message: string) => void },
): Promise<void> {
  const changes = await planTables(database, registry);
  if (changes.length === 0) return;
  const unsafe = changes.filter((change) => !change.safe);
  if (unsafe.length > 0) throw unsafeChanges(unsafe);
  if (!options.apply) throw pendingChanges(changes);
  await applyTables(database, changes);
  for (const line of appliedLines(changes)) options.say(line);
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

/** A change as lines: what, what is lost, what can be done instead. */
export function describeChange(change: DatasetChange): string[] {
  return [
    `${change.safe ? "safe  " : "UNSAFE"} ${change.description}`,
    ...(change.loses === undefined ? [] : [`       loses ${change.loses}`]),
    ...(change.hint === undefined ? [] : [`       → ${change.hint}`]),
  ];
}

function pendingChanges(changes: readonly DatasetChange[]): HeadworksError {
  return new HeadworksError({
    code: "DATASETS_PENDING",
    message: `the tables of the datasets are not what the configuration says:\n${listed(changes)}`,
    hint: "`headworks migrate --datasets` applies this; so does --apply-datasets",
  });
}

function unsafeChanges(changes: readonly DatasetChange[]): HeadworksError {
  return new HeadworksError({
    code: "DATASETS_UNSAFE",
    message: `the tables of the datasets need changes that can lose data:\n${listed(changes)}`,
    hint: "look at them with `headworks migrate --datasets --plan`, and apply them with `headworks migrate --datasets`",
  });
}

function listed(changes: readonly DatasetChange[]): string {
  return changes
    .flatMap(describeChange)
    .map((line) => `  ${line}`)
    .join("\n");
}
