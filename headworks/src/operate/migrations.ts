// Changes the tables of the database: Headworks' own, and those of datasets.

import type * as contract from "../contract/migrations.ts";
import type { Registry } from "../define/registry.ts";
import { HeadworksError } from "../domain/error.ts";
import { planDatasets } from "../inspect/migrations.ts";
import { applyDatasetChanges, type DatasetChange } from "../store/dataset/schema.ts";
import { recordAudit } from "../store/history/records.ts";
import { type Migration, migrate } from "../store/migrate.ts";
import { audited, type Operator } from "./operator.ts";

const ACTION = "migrations.apply";

/** Applies what is pending of Headworks' own tables; each migration commits together with its audit row. */
export async function applyMigrations({ database, actor }: Operator): Promise<Migration[]> {
  return migrate(database, (connection, { version, name }) =>
    recordAudit(connection, { actor, action: ACTION, subject: name, details: { version } }),
  );
}

/**
 * Applies changes that were planned, and about whose losses the caller has decided.
 * Throws DATASET_IN_USE and DATASET_CHANGED_MEANWHILE.
 */
export async function applyDatasets(operator: Operator, changes: readonly DatasetChange[]): Promise<void> {
  if (changes.length === 0) return;
  const { namespace } = operator;
  const details = { datasets: changes.map(({ description, safe }) => ({ description, safe })) };
  await audited(operator, { action: ACTION, subject: namespace, details }, (connection) =>
    applyDatasetChanges(connection, namespace, changes),
  );
}

/** Applies pending changes of datasets if `apply` and all are safe, and gives them. Throws DATASETS_PENDING and DATASETS_UNSAFE. */
export async function prepareDatasets(
  operator: Operator,
  registry: Registry,
  { apply }: { apply: boolean },
): Promise<DatasetChange[]> {
  const changes = await planDatasets(operator.database, operator.namespace, registry);
  const unsafe = changes.filter((change) => !change.safe);
  if (unsafe.length > 0) throw unsafeChanges(unsafe);
  if (changes.length > 0 && !apply) throw pendingChanges(changes);
  await applyDatasets(operator, changes);
  return changes;
}

type Told = Pick<contract.DatasetChange, "description" | "safe" | "loses" | "hint">;

/** A change as lines: what, what is lost, what can be done instead. */
export function describeChange(change: Told): string[] {
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
