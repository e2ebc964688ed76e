// The pruner makes room every hour: what is older than its age goes, weeks by being dropped, the rest in small batches. When it
// dies, the next look of any process goes on.

import { agingDatasets } from "../../define/compile/dataset-retention.ts";
import type { Registry } from "../../define/registry.ts";
import { plural } from "../../domain/plural.ts";
import type { Database } from "../../store/database.ts";
import { type AgingTable, countOldRowsOf, listAgingTables, pruneDataset } from "../../store/dataset/age.ts";
import { recordEvent } from "../../store/history/records.ts";
import { beginWalk } from "../../store/retention/files.ts";
import { nothingFrom, type Pruned, type Pruning } from "../../store/retention/removal.ts";
import { previewPruning, pruneSmall, pruneTable } from "../../store/retention/retention.ts";
import { previewRuns, pruneRuns } from "../../store/retention/runs.ts";
import type { FileStores } from "../backup/files.ts";
import { doEach } from "../do-each.ts";
import { previewFiles, pruneArchive, pruneArtifacts } from "./file-pruner.ts";

/** What says how long things are kept. */
type Ages = Pick<Registry, "retention" | "datasets">;

export interface RetentionOptions {
  /** Whether to walk through all that might be old, also when that has been done today. */
  always?: boolean;
  /** Is told of each batch that removed something, in its transaction. */
  onRemoved?: Pruning["onRemoved"];
}

/**
 * Makes the partitions of the weeks to come, and prunes; tells of what it removed in the events. What can't be removed keeps
 * nothing else from going; it is thrown at the end.
 */
export async function keepRetention(
  database: Database,
  ages: Ages,
  stores: FileStores,
  { always = false, onRemoved }: RetentionOptions = {},
): Promise<Pruned[]> {
  const { retention } = ages;
  const pruning = { database, onRemoved };
  const steps: (() => Promise<Pruned>)[] = [
    // Before runs, which stay while their task does.
    () => pruneSmall(pruning, "tasks", retention.failuresMs),
    () => pruneRuns(pruning, retention),
    () => pruneTable(pruning, "run_logs", retention.logsMs),
    () => pruneTable(pruning, "run_metrics", retention.metricsMs),
    () => pruneTable(pruning, "rejected_rows", retention.rejectedRowsMs),
    // After the tasks that failed with them.
    () => pruneSmall(pruning, "failures", retention.failuresMs),
    () => pruneSmall(pruning, "redrives", retention.auditMs),
    () => pruneSmall(pruning, "events", retention.eventsMs),
    () => pruneSmall(pruning, "audit_log", retention.auditMs),
    () => pruneArchive(pruning, retention, stores, { always }),
    () => pruneArtifacts(pruning, retention, stores, { always }),
    ...(await agingTables(database, ages)).map((table) => () => pruneRowsOf(pruning, table, always)),
  ];
  const pruned: Pruned[] = [];
  await doEach(steps, async (step) => {
    const gone = await step();
    pruned.push(gone);
    await tell(database, gone);
  });
  return pruned;
}

async function pruneRowsOf(pruning: Pruning, table: AgingTable, always: boolean): Promise<Pruned> {
  const walks = always || (await beginWalk(pruning.database, table.name));
  return walks ? pruneDataset(pruning, table) : nothingFrom(table.name);
}

/** What would go now; nothing changes. */
export async function previewRetention(database: Database, ages: Ages): Promise<Pruned[]> {
  const rows: Pruned[] = [];
  for (const each of await agingTables(database, ages))
    rows.push({ ...nothingFrom(each.name), rows: await countOldRowsOf(database, each) });
  return [
    await previewRuns(database, ages.retention),
    ...(await previewPruning(database, ages.retention)),
    ...(await previewFiles(database, ages.retention)),
    ...rows,
  ];
}

const agingTables = (database: Database, { datasets }: Ages) =>
  listAgingTables(database, agingDatasets(datasets.values()));

/** Its name has that of its namespace before it. */
const isDataset = (table: string) => table.includes(".");

/** Of weeks, and of what people declared an age for. */
async function tell(database: Database, { table, ...gone }: Pruned): Promise<void> {
  const { partitions, bytes, rows, files } = gone;
  const event = { kind: "retention.removed", subject: table };
  if (partitions.length > 0) {
    await recordEvent(database, {
      kind: "retention.dropped",
      subject: table,
      message: `dropped ${plural(partitions.length, "old week")} of ${table}`,
      details: { partitions, bytes },
    });
  } else if (files > 0) {
    const message = `removed ${plural(files, "old file")} of ${table}`;
    await recordEvent(database, { ...event, message, details: { files, rows, bytes } });
  } else if (isDataset(table) && rows > 0) {
    const message = `removed ${plural(rows, "old row")} of ${table}`;
    await recordEvent(database, { ...event, message, details: { rows } });
  }
}
