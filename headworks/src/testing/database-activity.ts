// What goes on in a test's database: who waits for a lock, and how much was read.

import { expect } from "vitest";
import type { Database } from "../store/database.ts";

/** Until a connection waits for a lock that another has. */
export async function untilSomebodyWaits(database: Database): Promise<void> {
  const waiting =
    "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  const isHeldUp = async () => (await database.query(waiting)).rows.length > 0;
  await expect.poll(isHeldUp, { interval: 5, timeout: 20_000 }).toBe(true);
}

/**
 * Gives how many rows of a table were read since now. A connection's reads are counted once it says so, and only this one
 * is asked: the pool must have no other.
 */
export async function countReads(
  database: Database,
  ...tables: readonly string[]
): Promise<(table: string) => Promise<number>> {
  const readOf = async (table: string) => {
    await database.query("select pg_stat_force_next_flush()");
    const { rows } = await database.query<{ read: number }>(
      `select (idx_tup_fetch + seq_tup_read)::int4 as read from pg_stat_user_tables
       where relid = ('headworks.' || $1)::regclass`,
      [table],
    );
    return rows[0]?.read ?? Number.NaN;
  };
  const before = new Map<string, number>();
  for (const table of tables) before.set(table, await readOf(table));
  return async (table) => (await readOf(table)) - (before.get(table) ?? Number.NaN);
}
