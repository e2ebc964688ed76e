// Removes what is older than its age by hand, and tells before what would go.

import type { OutputOf } from "../contract/operation.ts";
import type * as contract from "../contract/retention.ts";
import type { Registry } from "../define/registry.ts";
import { openFileStores } from "../engine/backup/files.ts";
import * as pruner from "../engine/duties/pruner.ts";
import type { Database } from "../store/database.ts";
import { recordAudit } from "../store/history/records.ts";
import type { Operator } from "./operator.ts";

/** The ages are those of the configuration. Changes nothing. */
export async function previewRetention(
  database: Database,
  registry: Registry,
): Promise<OutputOf<typeof contract.previewRetention>> {
  return { items: await pruner.previewRetention(database, registry) };
}

/** Removes in small committed batches; each that removed something leaves an audit row of it. */
export async function pruneRetention(
  { database, actor }: Operator,
  { registry, dataDir }: { registry: Registry; dataDir: string },
): Promise<OutputOf<typeof contract.pruneRetention>> {
  const items = await pruner.keepRetention(database, registry, openFileStores(dataDir), {
    always: true,
    onRemoved: (connection, { table, ...details }) =>
      recordAudit(connection, { actor, action: "retention.prune", subject: table, details }),
  });
  return { items };
}
