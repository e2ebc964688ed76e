// Makes and drops the weekly partitions of what runs leave behind, and deletes in small batches what is in none of them.

import { planPartitions, type Retention } from "../../domain/retention.ts";
import { type Database, type Executor, isContention, transaction } from "../database.ts";
import type { Query } from "../query-file.ts";
import { exec, findOne, many, queriesOf } from "../sql.ts";

const sql = queriesOf(
  "retention/retention",
  "lockRetention",
  "listTimePartitions",
  "makeWeek",
  "dropWeek",
  "deleteStrayLogs",
  "deleteStrayMetrics",
  "deleteStrayRejectedRows",
  "deleteOldEvents",
  "deleteOldAuditRows",
  "deleteResolvedTasks",
  "deleteOldFailures",
  "deleteOldRedrives",
  "countOldRows",
);

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

/** What went from a table. */
export interface Pruned {
  table: string;
  /** Partitions that were dropped whole, and what they took on the disk. */
  partitions: string[];
  bytes: number;
  /** Rows that were deleted one by one. */
  rows: number;
  /** Files that were removed. */
  files: number;
}

/** Deletes rows of a table that isn't divided. */
export async function pruneSmall(database: Database, table: SmallTable, keepMs: number): Promise<Pruned> {
  return { table, partitions: [], bytes: 0, rows: await inBatches(database, SMALL[table], keepMs), files: 0 };
}

/** What would go now; nothing changes. */
export async function previewPruning(database: Database, retention: Retention): Promise<Pruned[]> {
  const tables = Object.keys(AGES) as (keyof typeof AGES)[];
  const ages = tables.map((table) => retention[AGES[table]]);
  const counts = await many<{ table: string; rows: number }>(database, sql.countOldRows, [ages]);
  const previews = tables.map(async (table) => {
    const { partitions, nowMs } = await listTimePartitions(database, table);
    const drop = new Set(planPartitions(partitions, { nowMs, keepMs: retention[AGES[table]] }).drop);
    const old = partitions.filter(({ name }) => drop.has(name));
    return {
      table,
      partitions: old.map(({ name }) => name),
      bytes: old.reduce((sum, { bytes }) => sum + bytes, 0),
      rows: Number(counts.find((count) => count.table === table)?.rows ?? 0),
      files: 0,
    };
  });
  return Promise.all(previews);
}

/** Makes the weeks to come and drops those older than the age, each in a transaction of its own. One process at a time does. */
export async function pruneTable(database: Database, table: TimedTable, keepMs: number): Promise<Pruned> {
  const pruned: Pruned = { table, partitions: [], bytes: 0, rows: 0, files: 0 };
  try {
    while (await keepWeeks(database, table, keepMs, pruned));
  } catch (error) {
    // Somebody reads or copies the table, such as a backup: the next look does it.
    if (!isContention(error)) throw error;
  }
  pruned.rows = await inBatches(database, STRAYS[table], keepMs);
  return pruned;
}

/** One step; gives whether there may be another. */
async function keepWeeks(
  database: Database,
  table: TimedTable,
  keepMs: number,
  pruned: Pruned,
): Promise<boolean> {
  const dropped = await transaction(database, async (connection) => {
    const lock = await findOne<{ locked: boolean }>(connection, sql.lockRetention);
    if (lock?.locked !== true) return undefined;
    const { partitions, nowMs } = await listTimePartitions(connection, table);
    const { make, drop } = planPartitions(partitions, { nowMs, keepMs });
    for (const week of make)
      await exec(connection, sql.makeWeek, [table, new Date(week).toISOString().slice(0, 10)]);
    const oldest = partitions.find(({ name }) => name === drop[0]);
    if (oldest !== undefined) await exec(connection, sql.dropWeek, [table, oldest.name]);
    return oldest;
  });
  if (dropped === undefined) return false;
  pruned.partitions.push(dropped.name);
  pruned.bytes += dropped.bytes;
  return true;
}

async function listTimePartitions(executor: Executor, table: string) {
  const rows = await many<{ name: string; from: string; to: string; bytes: number; now: string }>(
    executor,
    sql.listTimePartitions,
    [table],
  );
  const partitions = rows.map(({ name, from, to, bytes }) => ({
    name,
    fromMs: Date.parse(from),
    toMs: Date.parse(to),
    bytes: Number(bytes),
  }));
  return { partitions, nowMs: rows[0] === undefined ? Date.now() : Date.parse(rows[0].now) };
}

/** Each batch commits for itself; gives the number of rows. */
async function inBatches(database: Database, query: Query, keepMs: number): Promise<number> {
  let rows = 0;
  for (;;) {
    const batch = await exec(database, query, [keepMs, ROWS_AT_ONCE]);
    rows += batch;
    if (batch < ROWS_AT_ONCE) return rows;
  }
}
