// Makes and drops the weekly partitions of what runs leave behind, and deletes in small batches what is in none of them.

import { planPartitions, type Retention } from "../../domain/retention.ts";
import { type Database, type Executor, isContention } from "../database.ts";
import { nothingFrom, type Pruned, type Pruning, removeBatch } from "./removal.ts";
import * as sql from "./retention.queries.ts";

const ROWS_AT_ONCE = 1_000;

/** The tables that are divided by weeks, and how to delete what is old from their default partitions. */
const STRAYS = {
  run_logs: sql.deleteStrayLogs,
  run_metrics: sql.deleteStrayMetrics,
  rejected_rows: sql.deleteStrayRejectedRows,
} as const;
type TimedTable = keyof typeof STRAYS;

/** Tables of few old rows, which are deleted one by one; of tasks, the failed ones whose failure is resolved. */
const SMALL = {
  events: sql.deleteOldEvents,
  audit_log: sql.deleteOldAuditRows,
  tasks: sql.deleteResolvedTasks,
  failures: sql.deleteOldFailures,
  redrives: sql.deleteOldRedrives,
} as const;
type SmallTable = keyof typeof SMALL;

type AgeName = "logsMs" | "metricsMs" | "rejectedRowsMs" | "eventsMs" | "auditMs" | "failuresMs";

/** Which age is whose. */
const AGES: Readonly<Record<TimedTable | SmallTable, AgeName>> = {
  run_logs: "logsMs",
  run_metrics: "metricsMs",
  rejected_rows: "rejectedRowsMs",
  events: "eventsMs",
  audit_log: "auditMs",
  tasks: "failuresMs",
  failures: "failuresMs",
  redrives: "auditMs",
};

/** Deletes rows of a table that isn't divided. */
export async function pruneSmall(pruning: Pruning, table: SmallTable, keepMs: number): Promise<Pruned> {
  const pruned = nothingFrom(table);
  await deleteRows(pruning, pruned, SMALL[table], keepMs);
  return pruned;
}

/** What would go now; nothing changes. */
export async function previewPruning(database: Database, retention: Retention): Promise<Pruned[]> {
  const tables = Object.keys(AGES) as (keyof typeof AGES)[];
  const ages = tables.map((table) => retention[AGES[table]]);
  const counts = await sql.countOldRows(database, { keep_ms: ages });
  const previews = tables.map(async (table) => {
    const { partitions, nowMs } = await listTimePartitions(database, table);
    const drop = new Set(planPartitions(partitions, { nowMs, keepMs: retention[AGES[table]] }).drop);
    const old = partitions.filter(({ name }) => drop.has(name));
    return {
      table,
      partitions: old.map(({ name }) => name),
      bytes: old.reduce((sum, { bytes }) => sum + bytes, 0),
      rows: counts.find((count) => count.table === table)?.rows ?? 0,
      files: 0,
    };
  });
  return Promise.all(previews);
}

/** Makes the weeks to come and drops those older than the age, each in a transaction of its own. One process at a time does. */
export async function pruneTable(pruning: Pruning, table: TimedTable, keepMs: number): Promise<Pruned> {
  const pruned = nothingFrom(table);
  try {
    while (await keepWeeks(pruning, table, keepMs, pruned));
  } catch (error) {
    // Somebody reads or copies the table, such as a backup: the next look does it.
    if (!isContention(error)) throw error;
  }
  await deleteRows(pruning, pruned, STRAYS[table], keepMs);
  return pruned;
}

/** One step; gives whether there may be another. */
async function keepWeeks(
  pruning: Pruning,
  table: TimedTable,
  keepMs: number,
  pruned: Pruned,
): Promise<boolean> {
  const { removed } = await removeBatch(pruning, pruned, async (connection) => {
    if (!(await sql.lockRetention(connection)).locked) return { removed: {} };
    const { partitions, nowMs } = await listTimePartitions(connection, table);
    const { make, drop } = planPartitions(partitions, { nowMs, keepMs });
    for (const week of make)
      await sql.makeWeek(connection, { table, week: new Date(week).toISOString().slice(0, 10) });
    const oldest = partitions.find(({ name }) => name === drop[0]);
    if (oldest === undefined) return { removed: {} };
    await sql.dropWeek(connection, { table, name: oldest.name });
    return { removed: { partitions: [oldest.name], bytes: oldest.bytes } };
  });
  return removed.partitions !== undefined;
}

async function listTimePartitions(executor: Executor, table: string) {
  const rows = await sql.listTimePartitions(executor, { table });
  const partitions = rows.map(({ name, from, to, bytes }) => ({
    name,
    fromMs: Date.parse(from),
    toMs: Date.parse(to),
    bytes,
  }));
  return { partitions, nowMs: rows[0] === undefined ? Date.now() : Date.parse(rows[0].now) };
}

/** Each batch commits for itself. */
async function deleteRows(
  pruning: Pruning,
  pruned: Pruned,
  query: typeof sql.deleteOldEvents,
  keepMs: number,
): Promise<void> {
  for (;;) {
    const { removed } = await removeBatch(pruning, pruned, async (connection) => ({
      removed: { rows: await query(connection, { keep_ms: keepMs, limit: ROWS_AT_ONCE }) },
    }));
    if (removed.rows < ROWS_AT_ONCE) return;
  }
}
