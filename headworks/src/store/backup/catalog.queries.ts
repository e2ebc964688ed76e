// The queries of catalog.sql, with the types that their headers declare. Written by npm run queries.

import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("catalog.sql", import.meta.url));

export interface TryBackupLockRow {
  taken: boolean;
}

/** Takes the lock that lets one backup at a time work on this database; held by the session. */
export const tryBackupLock = queries.one<void, TryBackupLockRow>("tryBackupLock");

/** Keeps migrations of other processes out until the transaction ends. */
export const lockMigrationsForRestore = queries.exec<void>("lockMigrationsForRestore");

export interface ListKeptTablesParams {
  schema: string;
}

export interface ListKeptTablesRow {
  name: string;
  partitioned: boolean;
  columns: string[];
}

/** The tables of a schema whose rows survive a crash, with their columns; partitions belong to their parents. */
export const listKeptTables = queries.many<ListKeptTablesParams, ListKeptTablesRow>("listKeptTables");

export interface ListTablePartitionsParams {
  schema: string;
}

export interface ListTablePartitionsRow {
  name: string;
  parent: string;
  bounds: string;
  divided_by: string | null;
  options: string[] | null;
}

/** The partitions of a schema's tables, parents before children, with what it takes to make them again. */
export const listTablePartitions = queries.many<ListTablePartitionsParams, ListTablePartitionsRow>("listTablePartitions");

export interface ListReferencesParams {
  schema: string;
}

export interface ListReferencesRow {
  name: string;
  refers_to: string;
}

/** Which tables of a schema refer to which others. */
export const listReferences = queries.many<ListReferencesParams, ListReferencesRow>("listReferences");

export interface ListSequencesParams {
  schema: string;
}

export interface ListSequencesRow {
  name: string;
  last_value: string | null;
}

/** Where the sequences of a schema stand; one that was never used has no last value. */
export const listSequences = queries.many<ListSequencesParams, ListSequencesRow>("listSequences");

export interface SetSequenceParams {
  schema: string;
  name: string;
  value: string;
}

export interface SetSequenceRow {
  value: number;
}

/** Lets a sequence go on after a value. */
export const setSequence = queries.one<SetSequenceParams, SetSequenceRow>("setSequence");

export interface ListNamespacesRow {
  name: string;
}

/** The namespaces whose schemas hold datasets. */
export const listNamespaces = queries.many<void, ListNamespacesRow>("listNamespaces");

export interface ListAppliedMigrationsRow {
  version: number;
  name: string;
  hash: string;
}

/** The migrations of this database. */
export const listAppliedMigrations = queries.many<void, ListAppliedMigrationsRow>("listAppliedMigrations");

export interface ReadMomentRow {
  at: string;
  postgres: number;
  database: string;
  code_version: string | null;
}

/** When, by the database's clock, and where. */
export const readMoment = queries.one<void, ReadMomentRow>("readMoment");

export interface ListOwnSchemasParams {
  schemas: readonly string[];
}

export interface ListOwnSchemasRow {
  name: string;
}

/** Those of the schemas named that hold anything. */
export const listOwnSchemas = queries.many<ListOwnSchemasParams, ListOwnSchemasRow>("listOwnSchemas");

export interface HasBegunRow {
  begun: boolean;
}

/** Whether a database that is migrated has been worked with. */
export const hasBegun = queries.one<void, HasBegunRow>("hasBegun");

export interface CountLiveWorkersRow {
  workers: number;
}

/** Workers whose lease holds. */
export const countLiveWorkers = queries.one<void, CountLiveWorkersRow>("countLiveWorkers");

export interface SettleRestoredArtifactsParams {
  namespace: readonly string[];
  path: readonly string[];
  temporary_name: readonly string[];
  bytes: readonly number[];
  hash: readonly string[];
}

/** Files of a backup wait under their temporary names to be published; one may be newer than its row. */
export const settleRestoredArtifacts = queries.exec<SettleRestoredArtifactsParams>("settleRestoredArtifacts");

/** Files that are not in the backup are not waited for. */
export const publishUnrestoredArtifacts = queries.exec<void>("publishUnrestoredArtifacts");
