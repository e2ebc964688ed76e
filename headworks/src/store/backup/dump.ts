// Reads every table from one snapshot, so that the backup is the database of one instant whatever goes on meanwhile.

import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdCompress } from "node:zlib";
import { to as copyTo } from "pg-copy-streams";
import { HeadworksError } from "../../domain/error.ts";
import { type Connection, type Database, liftTimeLimits } from "../database.ts";
import * as sql from "./catalog.queries.ts";
import { type Catalog, readCatalog, readSequences } from "./catalog.ts";
import { COPY_ARCHIVED, COPY_ARTIFACTS, copyOut, lockToRead } from "./copy-sql.ts";
import { fieldsOf, linesOf, RowsDigest } from "./copy-text.ts";
import { type BackedUpTable, streamOf } from "./manifest.ts";
import type { BackupWriter, Contents } from "./writer.ts";

export interface Snapshot {
  connection: Connection;
  catalog: Catalog;
  moment: sql.ReadMomentRow;
}

/**
 * Does `work` while no other backup of this database can be taken. Throws BACKUP_UNDER_WAY when one is.
 * The lock is the session's: it ends with the process, however that ends.
 */
export async function alone<T>(database: Database, work: () => Promise<T>): Promise<T> {
  const connection = await database.connect();
  try {
    if (!(await sql.tryBackupLock(connection)).taken) throw underWay();
    return await work();
  } finally {
    connection.release(true);
  }
}

/** Gives `work` one instant of the database. */
export async function withSnapshot<T>(
  database: Database,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const { tables } = await readCatalog(database);
  const connection = await database.connect();
  let broken: Error | undefined;
  try {
    await connection.query("begin isolation level repeatable read read only");
    await liftTimeLimits(connection);
    // Locked before the first look, which takes the snapshot: what it shows can't be dropped any more.
    await connection.query(lockToRead(tables));
    const moment = await sql.readMoment(connection);
    const catalog = await readCatalog(connection);
    const result = await work({ connection, catalog, moment });
    await connection.query("commit");
    return result;
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error));
    throw error;
  } finally {
    // A connection in the middle of a COPY can't be used again.
    connection.release(broken);
  }
}

/** Writes every table; `onTable` is told after each. */
export async function dumpTables(
  { connection, catalog }: Snapshot,
  writer: BackupWriter,
  onRows: (tables: number, rows: number) => void,
): Promise<BackedUpTable[]> {
  const done: BackedUpTable[] = [];
  let before = 0;
  for (const table of catalog.tables) {
    const { schema, name, columns } = table;
    const digest = new RowsDigest();
    await pipeline(
      connection.query(copyTo(copyOut(table, columns))),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of digest.through(chunks)) {
          onRows(done.length, before + digest.rows);
          yield chunk;
        }
      },
      createZstdCompress(),
      (chunks: AsyncIterable<Uint8Array>) => writer.writeStream(streamOf(table), chunks),
    );
    done.push({
      schema,
      name,
      columns: [...columns],
      rows: digest.rows,
      bytes: digest.bytes,
      digest: digest.digest,
    });
    before += digest.rows;
    onRows(done.length, before);
  }
  return done;
}

/** The hashes of all responses that the ledger of responses names. */
export function archivedHashes({ connection }: Snapshot): AsyncIterable<string[]> {
  return fields(connection, COPY_ARCHIVED);
}

/** Namespace, path, hash and temporary name of every artifact. */
export function artifactRows({ connection }: Snapshot): AsyncIterable<string[]> {
  return fields(connection, COPY_ARTIFACTS);
}

/** What the manifest says of the snapshot. */
export async function describeSnapshot(
  { connection, catalog, moment }: Snapshot,
  tables: BackedUpTable[],
): Promise<Omit<Contents, "files">> {
  const { at, ...where } = moment;
  const { migrations, namespaces, partitions, leftOut } = catalog;
  const sequences = await readSequences(connection);
  return { taken_at: at, ...where, migrations, namespaces, tables, partitions, sequences, left_out: leftOut };
}

async function* fields(connection: Connection, text: string): AsyncGenerator<string[]> {
  const copy: Readable = connection.query(copyTo(text));
  for await (const line of linesOf(copy)) yield fieldsOf(line);
}

function underWay(): HeadworksError {
  return new HeadworksError({
    code: "BACKUP_UNDER_WAY",
    message: "a backup of this database is under way",
    hint: "wait until it has ended: there is never more than one at a time",
  });
}
