// The pruner makes room: what is older than its age goes, by dropping weeks. When it dies, the next look of any process goes on.

import type { Retention } from "../domain/retention.ts";
import type { Database } from "../store/database.ts";
import { recordEvent } from "../store/records.ts";
import { type Pruned, pruneRuns, pruneSmall, pruneTable } from "../store/retention.ts";

/** Makes the partitions of the weeks to come, and prunes; tells of what it dropped in the events. */
export async function keepRetention(database: Database, retention: Retention): Promise<Pruned[]> {
  const pruned = [
    await pruneRuns(database, retention),
    await pruneTable(database, "run_logs", retention.logsMs),
    await pruneTable(database, "run_metrics", retention.metricsMs),
    await pruneTable(database, "rejected_rows", retention.rejectedRowsMs),
    await pruneSmall(database, "events", retention.eventsMs),
    await pruneSmall(database, "audit_log", retention.auditMs),
  ];
  for (const { table, partitions, bytes } of pruned) {
    if (partitions.length === 0) continue;
    await recordEvent(database, {
      kind: "retention.dropped",
      subject: table,
      message: `dropped ${partitions.length} old ${partitions.length === 1 ? "week" : "weeks"} of ${table}`,
      details: { partitions, bytes },
    });
  }
  return pruned;
}
