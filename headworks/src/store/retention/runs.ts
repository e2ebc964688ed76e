// Makes and drops the weeks of the run history, successes before the rest, and deletes in small batches what is in none of them.

import { planRunWeeks, type Retention } from "../../domain/retention.ts";
import { type Connection, type Database, type Executor, isContention } from "../database.ts";
import { nothingFrom, type Pruned, type Pruning, removeBatch } from "./removal.ts";
import * as sql from "./retention.queries.ts";

const ROWS_AT_ONCE = 1_000;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

type RunAges = Pick<Retention, "successesMs" | "failuresMs">;

/** Makes the weeks to come, drops what is old, and deletes old runs that are in no week. The ones that a task still needs stay. */
export async function pruneRuns(pruning: Pruning, ages: RunAges): Promise<Pruned> {
  const pruned = nothingFrom("runs");
  try {
    while (await keepWeek(pruning, ages, pruned));
  } catch (error) {
    // Somebody reads or copies the table, such as a backup: the next look does it.
    if (!isContention(error)) throw error;
  }
  await deleteStrays(pruning, pruned, ages);
  return pruned;
}

/** What would go now; nothing changes. */
export async function previewRuns(database: Database, ages: RunAges): Promise<Pruned> {
  const { weeks, plan } = await planWeeks(database, ages);
  const halves = weeks
    .filter(({ name }) => plan.dropWeeks.includes(name) || plan.dropSuccesses.includes(name))
    .flatMap((week) => (plan.dropWeeks.includes(week.name) ? week.halves : successesOf(week)));
  const strays = await sql.countOldRuns(database, {
    keep_successes_ms: ages.successesMs,
    keep_others_ms: ages.failuresMs,
  });
  return {
    table: "runs",
    partitions: halves.map(({ name }) => name),
    bytes: sizeOf(halves),
    rows: strays.rows,
    files: 0,
  };
}

/** One step, in a transaction of its own; gives whether there may be another. One process at a time does it. */
async function keepWeek(pruning: Pruning, ages: RunAges, pruned: Pruned): Promise<boolean> {
  const { removed } = await removeBatch(pruning, pruned, async (connection) => {
    const halves = await keepWeekIn(connection, ages);
    return { removed: { partitions: halves.map(({ name }) => name), bytes: sizeOf(halves) } };
  });
  return removed.partitions.length > 0;
}

/** Gives what it dropped. */
async function keepWeekIn(connection: Connection, ages: RunAges): Promise<readonly Half[]> {
  if (!(await sql.lockRetention(connection)).locked) return [];
  const { weeks, plan } = await planWeeks(connection, ages);
  for (const week of plan.make)
    await sql.makeRunWeek(connection, { week: new Date(week).toISOString().slice(0, 10) });
  const half = weeks.find(({ name }) => name === plan.dropSuccesses[0]);
  if (half !== undefined) {
    await sql.dropRunSuccesses(connection, { name: half.name });
    return successesOf(half);
  }
  const whole = weeks.find(({ name }) => name === plan.dropWeeks[0]);
  if (whole !== undefined) await sql.dropRunWeek(connection, { name: whole.name });
  return whole?.halves ?? [];
}

type Half = Pick<sql.ListRunWeeksRow, "name" | "successes" | "bytes">;

async function planWeeks(executor: Executor, ages: RunAges) {
  const rows = await sql.listRunWeeks(executor);
  const { since, now } = await sql.readRunWeeksStart(executor);
  const weeks = [...Map.groupBy(rows, ({ week }) => week)].map(([name, halves]) => ({
    name,
    fromMs: Date.parse(halves[0]?.from ?? ""),
    toMs: Date.parse(halves[0]?.to ?? ""),
    hasSuccesses: halves.some(({ successes }) => successes),
    halves,
  }));
  const plan = planRunWeeks(weeks, { nowMs: Date.parse(now), sinceMs: Date.parse(since), ...ages });
  return { weeks, plan };
}

const successesOf = ({ halves }: { halves: readonly Half[] }) => halves.filter(({ successes }) => successes);

const sizeOf = (halves: readonly Half[]) => halves.reduce((sum, { bytes }) => sum + bytes, 0);

/** Walks through those in no week by their ids; each batch commits for itself. */
async function deleteStrays(pruning: Pruning, pruned: Pruned, ages: RunAges): Promise<void> {
  let after = FIRST_ID;
  for (;;) {
    const { last, looked } = await removeBatch(pruning, pruned, (connection) =>
      deleteStraysAfter(connection, after, ages),
    );
    if (last === null || looked < ROWS_AT_ONCE) return;
    after = last;
  }
}

async function deleteStraysAfter(connection: Connection, after: string, ages: RunAges) {
  const batch = await sql.deleteOldRuns(connection, {
    after_id: after,
    keep_successes_ms: ages.successesMs,
    keep_others_ms: ages.failuresMs,
    limit: ROWS_AT_ONCE,
  });
  return { removed: { rows: batch.deleted }, last: batch.last_id, looked: batch.looked };
}
