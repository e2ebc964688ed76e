// The queries of files.sql, with the types that their headers declare. Written by npm run queries.

import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("files.sql", import.meta.url));

export interface BeginWalkParams {
  name: string;
}

export interface BeginWalkRow {
  name: string;
}

/** Whether this process is to walk today: the first that asks is. */
export const beginWalk = queries.maybe<BeginWalkParams, BeginWalkRow>("beginWalk");

export interface DeleteOldDocumentsParams {
  after_id: number;
  keep_ms: number;
  limit: number;
}

export interface DeleteOldDocumentsRow {
  last_id: number | null;
  looked: number;
  old: number;
  deleted: number;
}

/** Of the next so many responses after this one, those older than the milliseconds; what a repeat from the archive would read, and what a run that is kept got, stay; bodies that no other names may go. */
export const deleteOldDocuments = queries.one<DeleteOldDocumentsParams, DeleteOldDocumentsRow>("deleteOldDocuments");

export interface LockArchiveGarbageParams {
  grace_ms: number;
  limit: number;
}

export interface LockArchiveGarbageRow {
  hash: string;
  named: boolean;
}

/** Bodies that nobody has named for so many milliseconds, and whether somebody does now; those that another process has are left to it. */
export const lockArchiveGarbage = queries.many<LockArchiveGarbageParams, LockArchiveGarbageRow>("lockArchiveGarbage");

export interface ListNamedBodiesParams {
  hashes: readonly string[];
}

export interface ListNamedBodiesRow {
  hash: string;
}

/** Those of these bodies that a response names. */
export const listNamedBodies = queries.many<ListNamedBodiesParams, ListNamedBodiesRow>("listNamedBodies");

export interface PostponeGarbageParams {
  hashes: readonly string[];
}

/** Bodies that somebody has just found in the archive, to be looked at again later. */
export const postponeGarbage = queries.exec<PostponeGarbageParams>("postponeGarbage");

export interface ForgetGarbageParams {
  hashes: readonly string[];
}

/** Bodies that are gone, or named again. */
export const forgetGarbage = queries.exec<ForgetGarbageParams>("forgetGarbage");

export interface ExpireArtifactsParams {
  after_namespace: string;
  after_path: string;
  keep_ms: number;
  limit: number;
}

export interface ExpireArtifactsRow {
  last_namespace: string | null;
  last_path: string | null;
  looked: number;
  expired: number;
}

/** Of the next so many artifacts after this one, those not written for so many milliseconds, nor found unchanged since, expire. */
export const expireArtifacts = queries.one<ExpireArtifactsParams, ExpireArtifactsRow>("expireArtifacts");

export interface LockExpiredArtifactsParams {
  after_namespace: string;
  after_path: string;
  limit: number;
}

export interface LockExpiredArtifactsRow {
  namespace: string;
  path: string;
  bytes: number;
}

/** Artifacts after this one that have expired, whose files may go; nobody can settle a new one of that name meanwhile. */
export const lockExpiredArtifacts = queries.many<LockExpiredArtifactsParams, LockExpiredArtifactsRow>("lockExpiredArtifacts");

export interface DeleteArtifactsParams {
  namespace: readonly string[];
  path: readonly string[];
}

/** Artifacts whose files are gone. */
export const deleteArtifacts = queries.exec<DeleteArtifactsParams>("deleteArtifacts");

export interface CountOldDocumentsParams {
  keep_ms?: number | null | undefined;
  grace_ms: number;
}

export interface CountOldDocumentsRow {
  rows: number;
  bodies: number;
}

/** Responses that would go at this age in milliseconds (null: they have none), and bodies that nobody has named for so many milliseconds. */
export const countOldDocuments = queries.one<CountOldDocumentsParams, CountOldDocumentsRow>("countOldDocuments");

export interface CountOldArtifactsParams {
  keep_ms?: number | null | undefined;
}

export interface CountOldArtifactsRow {
  files: number;
  bytes: number;
}

/** Artifacts that would go at this age in milliseconds (null: they have none), with those that have expired. */
export const countOldArtifacts = queries.one<CountOldArtifactsParams, CountOldArtifactsRow>("countOldArtifacts");
