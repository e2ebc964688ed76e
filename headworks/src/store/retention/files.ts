// What is old of responses and artifacts: rows go or are marked in small batches, and who removes the files holds theirs meanwhile.

import type { Connection, Database } from "../database.ts";
import * as sql from "./files.queries.ts";
import { type Pruned, type Pruning, removeBatch } from "./removal.ts";

const ROWS_AT_ONCE = 1_000;

export interface ArtifactName {
  namespace: string;
  path: string;
}

/** Whether this process is to walk through what mostly stays: one of the fleet does, once a day. */
export async function beginWalk(database: Database, name: string): Promise<boolean> {
  return (await sql.beginWalk(database, { name })) !== undefined;
}

/** Deletes old responses, walking through them by their ids, and notes the bodies that may go. */
export async function pruneDocuments(pruning: Pruning, pruned: Pruned, keepMs: number): Promise<void> {
  let after = 0;
  for (;;) {
    const { last, looked, old } = await removeBatch(pruning, pruned, (connection) =>
      deleteDocumentsAfter(connection, after, keepMs),
    );
    // Ids are given in the order of storing: where nothing is old, what follows isn't either.
    if (last === null || looked < ROWS_AT_ONCE || old === 0) return;
    after = last;
  }
}

async function deleteDocumentsAfter(connection: Connection, after: number, keepMs: number) {
  const batch = await sql.deleteOldDocuments(connection, {
    after_id: after,
    keep_ms: keepMs,
    limit: ROWS_AT_ONCE,
  });
  return { removed: { rows: batch.deleted }, last: batch.last_id, looked: batch.looked, old: batch.old };
}

/** Holds bodies that nobody has named for `graceMs`, until the transaction ends; `named` are in use again. */
export async function lockArchiveGarbage(
  connection: Connection,
  graceMs: number,
  limit: number,
): Promise<sql.LockArchiveGarbageRow[]> {
  return sql.lockArchiveGarbage(connection, { grace_ms: graceMs, limit });
}

/** Those of these bodies that a response names by now. */
export async function listNamedBodies(
  connection: Connection,
  hashes: readonly string[],
): Promise<Set<string>> {
  const rows = await sql.listNamedBodies(connection, { hashes });
  return new Set(rows.map(({ hash }) => hash));
}

export async function settleGarbage(
  connection: Connection,
  { done, postponed }: { done: readonly string[]; postponed: readonly string[] },
): Promise<void> {
  await sql.forgetGarbage(connection, { hashes: done });
  await sql.postponeGarbage(connection, { hashes: postponed });
}

/** Marks artifacts that are older than the age, walking through them by name. Gives how many. */
export async function expireArtifacts(database: Database, keepMs: number): Promise<number> {
  let expired = 0;
  let after: ArtifactName = { namespace: "", path: "" };
  for (;;) {
    const { last_namespace, last_path, ...batch } = await sql.expireArtifacts(database, {
      after_namespace: after.namespace,
      after_path: after.path,
      keep_ms: keepMs,
      limit: ROWS_AT_ONCE,
    });
    expired += batch.expired;
    if (last_namespace === null || last_path === null || batch.looked < ROWS_AT_ONCE) return expired;
    after = { namespace: last_namespace, path: last_path };
  }
}

/** Holds artifacts after this one that have expired: a settlement that writes one of them waits until the transaction ends. */
export async function lockExpiredArtifacts(
  connection: Connection,
  after: ArtifactName,
  limit: number,
): Promise<(ArtifactName & { bytes: number })[]> {
  return sql.lockExpiredArtifacts(connection, {
    after_namespace: after.namespace,
    after_path: after.path,
    limit,
  });
}

export async function deleteArtifacts(
  connection: Connection,
  artifacts: readonly ArtifactName[],
): Promise<void> {
  await sql.deleteArtifacts(connection, {
    namespace: artifacts.map(({ namespace }) => namespace),
    path: artifacts.map(({ path }) => path),
  });
}

/** What would go now; an age that is undefined removes nothing. */
export async function countOldFiles(
  database: Database,
  ages: { archiveMs: number | undefined; artifactsMs: number | undefined; graceMs: number },
): Promise<{ documents: number; bodies: number; artifacts: number; artifactBytes: number }> {
  const documents = await sql.countOldDocuments(database, {
    keep_ms: ages.archiveMs,
    grace_ms: ages.graceMs,
  });
  const artifacts = await sql.countOldArtifacts(database, { keep_ms: ages.artifactsMs });
  return {
    documents: documents.rows,
    bodies: documents.bodies,
    artifacts: artifacts.files,
    artifactBytes: artifacts.bytes,
  };
}
