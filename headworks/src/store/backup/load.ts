// Loads a backup in one transaction: what was there goes and what was backed up comes, or nothing has changed.

import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { HeadworksError } from "../../domain/error.ts";
import { plural } from "../../domain/plural.ts";
import { type Connection, type Database, liftTimeLimits, transaction } from "../database.ts";
import { createDatasetTables } from "../dataset/schema.ts";
import { createSchema } from "../dataset/sql.ts";
import { applyInTransaction, hashOf, keepSequences, listMigrations } from "../migrate.ts";
import * as sql from "./catalog.queries.ts";
import { listPartitionNames, OWN_SCHEMA, schemasOf } from "./catalog.ts";
import { copyIn, copyOut, createPartition, dropPartition, dropSchemas, emptyTables } from "./copy-sql.ts";
import { RowsDigest } from "./copy-text.ts";
import { newer, unsupported } from "./errors.ts";
import type { BackedUpTable, Manifest } from "./manifest.ts";
import type { BackupReader } from "./reader.ts";

/** Runs `work` in one transaction that may take as long as it takes. */
export function restoring<T>(database: Database, work: (connection: Connection) => Promise<T>): Promise<T> {
  return transaction(database, async (connection) => {
    await liftTimeLimits(connection);
    await sql.lockMigrationsForRestore(connection);
    const result = await work(connection);
    await keepSequences(connection);
    return result;
  });
}

/** Throws BACKUP_NEWER when the backup has migrations that this Headworks doesn't know, and BACKUP_UNSUPPORTED when they are others. */
export function requireKnown({ manifest, path }: BackupReader): void {
  const known = new Map(listMigrations().map((migration) => [migration.version, migration]));
  for (const { version, name, hash } of manifest.migrations) {
    const own = known.get(version);
    if (own === undefined) throw newer(path, `migration ${version} ${name}`);
    if (own.name !== name || hashOf(own) !== hash) throw unsupported(path, `migration ${version} ${name}`);
  }
}

/**
 * Makes room: drops the schemas that the backup brings, and those of the namespaces that are there.
 * Throws RESTORE_NOT_EMPTY unless `replace`, and RESTORE_IN_USE while workers run.
 */
export async function clearTarget(
  connection: Connection,
  manifest: Manifest,
  replace: boolean,
): Promise<void> {
  const namespaces = new Set(manifest.namespaces);
  if (await isMigrated(connection)) {
    for (const { name } of await sql.listNamespaces(connection)) namespaces.add(name);
    const { workers } = await sql.countLiveWorkers(connection);
    if (workers > 0) throw inUse(workers);
  }
  const schemas = [OWN_SCHEMA, ...schemasOf([...namespaces])];
  const filled = await sql.listOwnSchemas(connection, { schemas });
  const taken = filled.map(({ name }) => name).filter((name) => name !== OWN_SCHEMA);
  if (!replace && (taken.length > 0 || (await hasBegun(connection)))) throw notEmpty(taken);
  await connection.query(dropSchemas(schemas));
}

/** Makes our own tables as they were at the backup, with its partitions, and empties them of what migrations bring. */
export async function prepareTables(connection: Connection, manifest: Manifest): Promise<void> {
  await applyInTransaction(connection, manifest.migrations);
  await makePartitions(connection, manifest);
  for (const schema of schemasOf(manifest.namespaces)) await connection.query(createSchema(schema));
  const own = manifest.tables.filter((table) => table.schema === OWN_SCHEMA);
  if (own.length > 0) await connection.query(emptyTables(own));
}

/** Puts the partitions of the backup in the place of those that migrations bring. The tables must be empty. */
export async function makePartitions(connection: Connection, { partitions }: Manifest): Promise<void> {
  for (const name of (await listPartitionNames(connection)).reverse())
    await connection.query(dropPartition(OWN_SCHEMA, name));
  for (const partition of partitions) await connection.query(createPartition(OWN_SCHEMA, partition));
}

/** Loads every table, then reads it again and compares; `onRows` is told of the rows of each, and of 0 in between. Throws RESTORE_DIFFERS, and BACKUP_DAMAGED. */
export async function loadTables(
  connection: Connection,
  backup: BackupReader,
  onRows: (rows: number) => void,
): Promise<void> {
  const { tables } = backup.manifest;
  let made = false;
  for (const table of tables) {
    if (table.schema !== OWN_SCHEMA && !made) {
      await createDatasetTables(connection);
      made = true;
    }
    await backup.readTable(table, (chunks) =>
      pipeline(
        Readable.from(chunks, { objectMode: false }),
        async function* (those: AsyncIterable<Uint8Array>) {
          for await (const chunk of those) {
            onRows(0);
            yield chunk;
          }
        },
        connection.query(copyFrom(copyIn(table, table.columns))),
      ),
    );
    await requireLoaded(connection, table);
    onRows(table.rows);
  }
}

export async function restoreSequences(connection: Connection, manifest: Manifest): Promise<void> {
  for (const { name, last_value } of manifest.sequences)
    await sql.setSequence(connection, { schema: OWN_SCHEMA, name, value: last_value });
}

export interface RestoredArtifact {
  namespace: string;
  path: string;
  temporaryName: string;
  bytes: number;
  hash: string;
}

/** Leaves the files to be published, as after a settlement; those that the backup hasn't are not waited for. */
export async function settleRestoredArtifacts(
  connection: Connection,
  artifacts: readonly RestoredArtifact[],
): Promise<void> {
  await sql.publishUnrestoredArtifacts(connection);
  await sql.settleRestoredArtifacts(connection, {
    namespace: artifacts.map((each) => each.namespace),
    path: artifacts.map((each) => each.path),
    temporary_name: artifacts.map((each) => each.temporaryName),
    bytes: artifacts.map((each) => each.bytes),
    hash: artifacts.map((each) => each.hash),
  });
}

async function requireLoaded(connection: Connection, table: BackedUpTable): Promise<void> {
  const digest = new RowsDigest();
  const rows: Readable = connection.query(copyTo(copyOut(table, table.columns)));
  for await (const chunk of rows) digest.update(chunk as Buffer);
  if (digest.rows === table.rows && digest.digest === table.digest) return;
  throw new HeadworksError({
    code: "RESTORE_DIFFERS",
    message: `${table.schema}.${table.name} holds other rows than the backup after it was loaded (${digest.rows} of ${table.rows})`,
    hint: "nothing was restored; please report this with both PostgreSQL versions",
  });
}

async function isMigrated(connection: Connection): Promise<boolean> {
  const { rows } = await connection.query<{ found: boolean }>(
    "select to_regclass('headworks.namespaces') is not null as found",
  );
  return rows[0]?.found === true;
}

async function hasBegun(connection: Connection): Promise<boolean> {
  if (!(await isMigrated(connection))) return false;
  return (await sql.hasBegun(connection)).begun;
}

function notEmpty(schemas: readonly string[]): HeadworksError {
  const where = schemas.length === 0 ? "" : ` (there are tables in ${schemas.join(", ")})`;
  return new HeadworksError({
    code: "RESTORE_NOT_EMPTY",
    message: `the database is not empty${where}`,
    hint: "restore into another data directory or database; or, to lose what is in this one, say --replace",
  });
}

function inUse(workers: number): HeadworksError {
  return new HeadworksError({
    code: "RESTORE_IN_USE",
    message: `${plural(workers, "worker is", "workers are")} at work on the database`,
    hint: "stop them first: `headworks status` names their hosts; one that was killed counts for 15 s more",
  });
}
