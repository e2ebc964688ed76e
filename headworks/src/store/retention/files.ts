// What is old of responses and artifacts: rows go or are marked in small batches, and who removes the files holds theirs meanwhile.

import type { Connection, Database } from "../database.ts";
import { exec, findOne, many, queriesOf } from "../sql.ts";
import { type Pruned, type Pruning, removeBatch } from "./removal.ts";

const sql = queriesOf(
  "retention/files",
  "beginWalk",
  "deleteOldDocuments",
  "lockArchiveGarbage",
  "listNamedBodies",
  "postponeGarbage",
  "forgetGarbage",
  "expireArtifacts",
  "lockExpiredArtifacts",
  "deleteArtifacts",
  "countOldDocuments",
  "countOldArtifacts",
);

const ROWS_AT_ONCE = 1_000;

export interface ArtifactName {
  namespace: string;
  path: string;
}

/** Whether this process is to walk through what mostly stays: one of the fleet does, once a day. */
export async function beginWalk(database: Database, name: string): Promise<boolean> {
  return (await findOne(database, sql.beginWalk, [name])) !== undefined;
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
  const batch = await findOne<{ last_id: number | null; looked: number; old: number; deleted: number }>(
    connection,
    sql.deleteOldDocuments,
    [after, keepMs, ROWS_AT_ONCE],
  );
  return {
    removed: { rows: Number(batch?.deleted ?? 0) },
    last: batch?.last_id == null ? null : Number(batch.last_id),
    looked: Number(batch?.looked ?? 0),
    old: Number(batch?.old ?? 0),
  };
}

/** Holds bodies that nobody has named for `graceMs`, until the transaction ends; `named` are in use again. */
export async function lockArchiveGarbage(
  connection: Connection,
  graceMs: number,
  limit: number,
): Promise<{ hash: string; named: boolean }[]> {
  return many<{ hash: string; named: boolean }>(connection, sql.lockArchiveGarbage, [graceMs, limit]);
}

/** Those of these bodies that a response names by now. */
export async function listNamedBodies(
  connection: Connection,
  hashes: readonly string[],
): Promise<Set<string>> {
  const rows = await many<{ hash: string }>(connection, sql.listNamedBodies, [hashes]);
  return new Set(rows.map(({ hash }) => hash));
}

export async function settleGarbage(
  connection: Connection,
  { done, postponed }: { done: readonly string[]; postponed: readonly string[] },
): Promise<void> {
  await exec(connection, sql.forgetGarbage, [done]);
  await exec(connection, sql.postponeGarbage, [postponed]);
}

/** Marks artifacts that are older than the age, walking through them by name. Gives how many. */
export async function expireArtifacts(database: Database, keepMs: number): Promise<number> {
  let expired = 0;
  let after: [string, string] = ["", ""];
  for (;;) {
    const batch = await findOne<{
      last_namespace: string | null;
      last_path: string | null;
      looked: number;
      expired: number;
    }>(database, sql.expireArtifacts, [...after, keepMs, ROWS_AT_ONCE]);
    expired += Number(batch?.expired ?? 0);
    if (batch?.last_namespace == null || batch.last_path === null || Number(batch.looked) < ROWS_AT_ONCE)
      return expired;
    after = [batch.last_namespace, batch.last_path];
  }
}

/** Holds artifacts after this one that have expired: a settlement that writes one of them waits until the transaction ends. */
export async function lockExpiredArtifacts(
  connection: Connection,
  after: ArtifactName,
  limit: number,
): Promise<(ArtifactName & { bytes: number })[]> {
  return many<ArtifactName & { bytes: number }>(connection, sql.lockExpiredArtifacts, [
    after.namespace,
    after.path,
    limit,
  ]);
}

export async function deleteArtifacts(
  connection: Connection,
  artifacts: readonly ArtifactName[],
): Promise<void> {
  await exec(connection, sql.deleteArtifacts, [
    artifacts.map(({ namespace }) => namespace),
    artifacts.map(({ path }) => path),
  ]);
}

/** What would go now; an age that is undefined removes nothing. */
export async function countOldFiles(
  database: Database,
  ages: { archiveMs: number | undefined; artifactsMs: number | undefined; graceMs: number },
): Promise<{ documents: number; bodies: number; artifacts: number; artifactBytes: number }> {
  const documents = await findOne<{ rows: number; bodies: number }>(database, sql.countOldDocuments, [
    ages.archiveMs ?? null,
    ages.graceMs,
  ]);
  const artifacts = await findOne<{ files: number; bytes: number }>(database, sql.countOldArtifacts, [
    ages.artifactsMs ?? null,
  ]);
  return {
    documents: Number(documents?.rows ?? 0),
    bodies: Number(documents?.bodies ?? 0),
    artifacts: Number(artifacts?.files ?? 0),
    artifactBytes: Number(artifacts?.bytes ?? 0),
  };
}
