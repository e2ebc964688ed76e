// Applies the migrations: forward-only SQL files, in order, each in its own transaction, under one advisory lock.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { HeadworksError } from "../domain/error.ts";
import type { Connection, Database, Executor } from "./database.ts";

const FOLDER = new URL("./migrations/", import.meta.url);
const LOCK_KEY = 4_861_379_541;

export interface Migration {
  version: number;
  name: string;
}

/** Every migration of this version of Headworks, in order. */
export function listMigrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((file) => /^\d{4}_\w+\.sql$/.test(file))
    .sort()
    .map((file) => ({ version: Number(file.slice(0, 4)), name: file.slice(5, -4) }));
}

/** The SHA-256 of a migration's text: a database remembers which text it was made by. */
export function hashOf(migration: Migration): string {
  return createHash("sha256").update(textOf(migration)).digest("hex");
}

/**
 * Those that this database doesn't have yet. Throws DATABASE_UNSUPPORTED when one was applied in another form, and
 * DATABASE_NEWER when it has some that this version doesn't know.
 */
export async function listPendingMigrations(database: Executor): Promise<Migration[]> {
  const applied = new Map((await listApplied(database)).map(({ version, hash }) => [version, hash]));
  const known = listMigrations();
  const other = known.find((each) => applied.has(each.version) && applied.get(each.version) !== hashOf(each));
  if (other !== undefined) throw unsupported(other);
  const newest = Math.max(0, ...known.map((each) => each.version));
  const reached = Math.max(0, ...applied.keys());
  if (reached > newest) throw newer(reached, newest);
  return known.filter((each) => !applied.has(each.version));
}

/** Is told of each migration, in the transaction that applies it. */
export type OnMigration = (connection: Connection, migration: Migration) => Promise<void>;

/** Applies what is pending and gives it back. Several processes may call it at once: one works, the others wait. */
export async function migrate(
  database: Database,
  onMigration: OnMigration = async () => undefined,
): Promise<Migration[]> {
  if ((await listPendingMigrations(database)).length === 0) return [];
  const connection = await database.connect();
  try {
    // Another's migrations, and one's own, may take longer than any other statement is allowed to.
    await connection.query("set lock_timeout = 0");
    await connection.query("set statement_timeout = 0");
    await connection.query("select pg_advisory_lock($1)", [LOCK_KEY]);
    const pending = await listPendingMigrations(connection);
    for (const migration of pending) await applyMigration(connection, migration, onMigration);
    return pending;
  } finally {
    // A connection that holds a session's lock is closed with it, not returned to the pool.
    connection.release(true);
  }
}

/** Applies one migration in its own transaction. */
async function applyMigration(
  connection: Connection,
  migration: Migration,
  onMigration: OnMigration,
): Promise<void> {
  await connection.query("begin");
  await connection.query("set local lock_timeout = '10s'");
  await applyInTransaction(connection, [migration]);
  await onMigration(connection, migration);
  await keepSequences(connection);
  await connection.query("commit");
}

/**
 * To be called last in a transaction that creates sequences and may have drawn from them. Where `wal_level` is minimal, as on
 * the embedded server, PostgreSQL writes no log of that and relies on it for the next 32 numbers: after a crash they would
 * be drawn again. Setting a sequence to where it stands ends that.
 */
export async function keepSequences(connection: Connection): Promise<void> {
  await connection.query(
    "select setval(format('%I.%I', schemaname, sequencename)::regclass, last_value) from pg_sequences where schemaname = 'headworks' and last_value is not null",
  );
}

/** Applies migrations in the caller's transaction, which must keep others from doing the same. */
export async function applyInTransaction(
  connection: Connection,
  migrations: readonly Migration[],
): Promise<void> {
  await connection.query("create schema if not exists headworks");
  await connection.query(
    "create table if not exists headworks.migrations (version integer primary key, name text not null, hash text not null, applied_at timestamptz not null default now())",
  );
  for (const migration of migrations) {
    await connection.query(textOf(migration));
    await connection.query("insert into headworks.migrations (version, name, hash) values ($1, $2, $3)", [
      migration.version,
      migration.name,
      hashOf(migration),
    ]);
  }
}

function textOf({ version, name }: Migration): string {
  return readFileSync(new URL(`${String(version).padStart(4, "0")}_${name}.sql`, FOLDER), "utf8");
}

/** The hash is null in a database that was made before hashes were kept. */
async function listApplied(database: Executor): Promise<{ version: number; hash: string | null }[]> {
  const exists = await database.query<{ found: boolean }>(
    "select to_regclass('headworks.migrations') is not null as found",
  );
  if (exists.rows[0]?.found !== true) return [];
  const result = await database.query<{ version: number; hash: string | null }>(
    "select version, to_jsonb(m) ->> 'hash' as hash from headworks.migrations m order by version",
  );
  return result.rows;
}

function unsupported({ version, name }: Migration): HeadworksError {
  return new HeadworksError({
    code: "DATABASE_UNSUPPORTED",
    message: `the database was made by another version of Headworks: its migration ${version} ${name} is not the one of this version`,
    hint: "databases of versions before the first release can't be upgraded: use a new database or data directory, or the version that made this one",
  });
}

function newer(reached: number, newest: number): HeadworksError {
  return new HeadworksError({
    code: "DATABASE_NEWER",
    message: `the database is at version ${reached}, this Headworks knows ${newest}`,
    hint: "upgrade Headworks to the version that migrated the database",
  });
}
