// Removes what is old from the archive and the artifacts: rows first, files after. When it dies between, the next look goes on.
//
// A body of the archive may be found there by a writer at any moment, whose record of it comes later. So a writer freshens
// the file that it finds; here a body goes only a day after its last record, is set aside first, and comes back when it
// was freshened or is named meanwhile. Whoever reads looks among those set aside, too.

import type { Retention } from "../../domain/retention.ts";
import type { Connection, Database } from "../../store/database.ts";
import {
  type ArtifactName,
  beginWalk,
  countOldFiles,
  deleteArtifacts,
  expireArtifacts,
  listNamedBodies,
  lockArchiveGarbage,
  lockExpiredArtifacts,
  pruneDocuments,
  settleGarbage,
} from "../../store/retention/files.ts";
import { nothingFrom, type Pruned, type Pruning, removeBatch } from "../../store/retention/removal.ts";
import type { FileStores } from "../backup/files.ts";
import { throwFailures } from "../do-each.ts";
import type { Archive } from "../source/archive.ts";

/** For so long a body stays after the last response that named it went, or after a writer found it. */
const GRACE_MS = 24 * 3_600_000;
const FILES_AT_ONCE = 100;

type FileAges = Pick<Retention, "archiveMs" | "artifactsMs">;

export interface FilePruning {
  /** Whether to walk through all that might be old, also when that has been done today. */
  always: boolean;
  graceMs?: number;
}

/** Removes old responses, and bodies that nothing names. What can't be removed stops no other, and is thrown at the end. */
export async function pruneArchive(
  pruning: Pruning,
  { archiveMs }: FileAges,
  { archive }: Pick<FileStores, "archive">,
  { always, graceMs = GRACE_MS }: FilePruning,
): Promise<Pruned> {
  const responses = nothingFrom("raw_documents");
  if (archiveMs !== undefined && (always || (await beginWalk(pruning.database, "responses"))))
    await pruneDocuments(pruning, responses, archiveMs);
  await inBatches(pruning, responses, (connection) => removeBodies(connection, archive, graceMs));
  return responses;
}

/** Removes old artifacts. One that can't be removed stops no other, and is thrown at the end. */
export async function pruneArtifacts(
  pruning: Pruning,
  { artifactsMs }: FileAges,
  { artifacts }: Pick<FileStores, "artifacts">,
  { always }: Pick<FilePruning, "always">,
): Promise<Pruned> {
  const published = nothingFrom("artifacts");
  if (artifactsMs !== undefined && (always || (await beginWalk(pruning.database, "artifacts"))))
    await expireArtifacts(pruning.database, artifactsMs);
  let after = { namespace: "", path: "" };
  await inBatches(pruning, published, async (connection) => {
    const { last, ...batch } = await removeArtifacts(connection, artifacts, after);
    after = last;
    return batch;
  });
  return published;
}

/** What would go now; nothing changes. The bytes of bodies are known only when they go. */
export async function previewFiles(database: Database, ages: FileAges): Promise<Pruned[]> {
  const old = await countOldFiles(database, { ...ages, graceMs: GRACE_MS });
  return [
    { table: "raw_documents", partitions: [], bytes: 0, rows: old.documents, files: old.bodies },
    {
      table: "artifacts",
      partitions: [],
      bytes: old.artifactBytes,
      rows: old.artifacts,
      files: old.artifacts,
    },
  ];
}

interface Batch {
  looked: number;
  removed: Partial<Pruned>;
  /** What came of those that could not be removed. */
  failures: readonly unknown[];
}

const NOTHING: Batch = { looked: 0, removed: {}, failures: [] };

/** Each batch commits for itself. Throws at the end what could not be removed. */
async function inBatches(
  pruning: Pruning,
  pruned: Pruned,
  work: (connection: Connection) => Promise<Batch>,
): Promise<void> {
  const all: unknown[] = [];
  for (;;) {
    const { looked, failures } = await removeBatch(pruning, pruned, work);
    for (const failure of failures) all.push(failure);
    if (looked < FILES_AT_ONCE) break;
  }
  throwFailures(all);
}

async function removeBodies(connection: Connection, archive: Archive, graceMs: number): Promise<Batch> {
  // On a machine that doesn't have the archive nothing can be removed: it is left to one that has it.
  if (!(await archive.isThere())) return NOTHING;
  const garbage = await lockArchiveGarbage(connection, graceMs, FILES_AT_ONCE);
  const aside = new Map<string, number>();
  const done: string[] = [];
  const postponed: string[] = [];
  const failures: unknown[] = [];
  // One that can't be moved is looked at again when the others have been.
  const orPostpone = async (hash: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      failures.push(error);
      postponed.push(hash);
    }
  };
  for (const { hash, named } of garbage) {
    await orPostpone(hash, async () => {
      const bytes = named ? await archive.putBack(hash) : await archive.setAside(hash, graceMs);
      if (bytes === "young") postponed.push(hash);
      else if (bytes === undefined) done.push(hash);
      else aside.set(hash, bytes);
    });
  }
  // Whoever named one of them before it was set aside has committed, or has freshened the file.
  const named = await listNamedBodies(connection, [...aside.keys()]);
  const removed = { files: 0, bytes: 0 };
  for (const [hash, size] of aside) {
    await orPostpone(hash, async () => {
      if (named.has(hash)) await archive.putBack(hash);
      else {
        await archive.discard(hash);
        removed.bytes += size;
        removed.files += 1;
      }
      done.push(hash);
    });
  }
  await settleGarbage(connection, { done, postponed });
  return { looked: garbage.length, removed, failures };
}

/** Of those after this one. */
async function removeArtifacts(
  connection: Connection,
  artifacts: FileStores["artifacts"],
  after: ArtifactName,
): Promise<Batch & { last: ArtifactName }> {
  if (!artifacts.isThere()) return { ...NOTHING, last: after };
  const expired = await lockExpiredArtifacts(connection, after, FILES_AT_ONCE);
  const gone: typeof expired = [];
  const failures: unknown[] = [];
  for (const file of expired) {
    try {
      await artifacts.discard(file);
      gone.push(file);
    } catch (error) {
      failures.push(error);
    }
  }
  await deleteArtifacts(connection, gone);
  const bytes = gone.reduce((sum, file) => sum + Number(file.bytes), 0);
  const removed = { rows: gone.length, files: gone.length, bytes };
  return { looked: expired.length, removed, failures, last: expired.at(-1) ?? after };
}
