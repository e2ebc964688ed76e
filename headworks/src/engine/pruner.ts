// The pruner makes room: what is older than its age goes, by dropping weeks. When it dies, the next look of any process goes on.

import type { Retention } from "../domain/retention.ts";
import type { Database } from "../store/database.ts";
import { recordEvent } from "../store/records.ts";
import { type Pruned, previewPruning, pruneRuns, pruneSmall, pruneTable } from "../store/retention.ts";
import type { FileStores } from "./backup/files.ts";
import { previewFiles, pruneFiles } from "./file-pruner.ts";

/** Makes the partitions of the weeks to come, and prunes; tells of what it removed in the events. */
export async function keepRetention(
  database: Database,
  retention: Retention,
  stores: FileStores,
  { always = false }: { always?: boolean } = {},
): Promise<Pruned[]> {
  const pruned = [
    await pruneRuns(database, retention),
    await pruneTable(database, "run_logs", retention.logsMs),
    await pruneTable(database, "run_metrics", retention.metricsMs),
    await pruneTable(database, "rejected_rows", retention.rejectedRowsMs),
    await pruneSmall(database, "events", retention.eventsMs),
    await pruneSmall(database, "audit_log", retention.auditMs),
    ...(await pruneFiles(database, retention, stores, { always })),
  ];
  for (const each of pruned) await tell(database, each);
  return pruned;
}

/** What would go now; nothing changes. */
export async function previewRetention(database: Database, retention: Retention): Promise<Pruned[]> {
  return [...(await previewPruning(database, retention)), ...(await previewFiles(database, retention))];
}

/** Of weeks, and of what people declared an age for. */
async function tell(database: Database, { table, partitions, bytes, rows, files }: Pruned): Promise<void> {
  if (partitions.length > 0) {
    await recordEvent(database, {
      kind: "retention.dropped",
      subject: table,
      message: `dropped ${partitions.length} old ${partitions.length === 1 ? "week" : "weeks"} of ${table}`,
      details: { partitions, bytes },
    });
  } else if (files > 0) {
    await recordEvent(database, {
      kind: "retention.removed",
      subject: table,
      message: `removed ${files} old ${files === 1 ? "file" : "files"} of ${table}`,
      details: { files, rows, bytes },
    });
  }
}
