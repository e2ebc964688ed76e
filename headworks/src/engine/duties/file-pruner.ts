// Removes what is old from the archive and the artifacts: rows first, files after. When it dies between, the next look goes on.
//
// A body of the archive may be found there by a writer at any moment, whose record of it comes later. So a writer freshens
// the file that it finds; here a body goes only a day after its last record, is set aside first, and comes back when it
// was freshened or is named meanwhile. Whoever reads looks among those set aside, too.

import type { Retention } from "../../domain/retention.ts";
import type { Connection, Database } from "../../store/database.ts";
import {
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

/** Removes old responses, bodies that nothing names, and old artifacts. */
export async function pruneFiles(
  pruning: Pruning,
  ages: FileAges,
  { archive, artifacts }: FileStores,
  { always, graceMs = GRACE_MS }: FilePruning,
): Promise<Pruned[]> {
  const { database } = pruning;
  const { archiveMs, artifactsMs } = ages;
  const walks = async (name: string) => always || (await beginWalk(database, name));
  const responses = nothingFrom("raw_documents");
  if (archiveMs !== undefined && (await walks("responses")))
    await pruneDocuments(pruning, responses, archiveMs);
  await inBatches(pruning, responses, (connection) => removeBodies(connection, archive, graceMs));
  if (artifactsMs !== undefined && (await walks("artifacts"))) await expireArtifacts(database, artifactsMs);
  const published = nothingFrom("artifacts");
  await inBatches(pruning, published, (connection) => removeArtifacts(connection, artifacts));
  return [responses, published];
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
}

const NOTHING: Batch = { looked: 0, removed: {} };

/** Each batch commits for itself. */
async function inBatches(
  pruning: Pruning,
  pruned: Pruned,
  work: (connection: Connection) => Promise<Batch>,
): Promise<void> {
  for (;;) {
    const { looked } = await removeBatch(pruning, pruned, work);
    if (looked < FILES_AT_ONCE) return;
  }
}

async function removeBodies(connection: Connection, archive: Archive, graceMs: number): Promise<Batch> {
  // On a machine that doesn't have the archive nothing can be removed: it is left to one that has it.
  if (!(await archive.isThere())) return NOTHING;
  const garbage = await lockArchiveGarbage(connection, graceMs, FILES_AT_ONCE);
  const aside = new Map<string, number>();
  const done: string[] = [];
  const postponed: string[] = [];
  for (const { hash } of garbage.filter((body) => body.named)) {
    await archive.putBack(hash);
    done.push(hash);
  }
  for (const { hash } of garbage.filter(({ named }) => !named)) {
    const bytes = await archive.setAside(hash, graceMs);
    if (bytes === "young") postponed.push(hash);
    else if (bytes === undefined) done.push(hash);
    else aside.set(hash, bytes);
  }
  // Whoever named one of them before it was set aside has committed, or has freshened the file.
  const named = await listNamedBodies(connection, [...aside.keys()]);
  let bytes = 0;
  for (const [hash, size] of aside) {
    done.push(hash);
    if (named.has(hash)) {
      await archive.putBack(hash);
      aside.delete(hash);
    } else {
      await archive.discard(hash);
      bytes += size;
    }
  }
  await settleGarbage(connection, { done, postponed });
  return { looked: garbage.length, removed: { files: aside.size, bytes } };
}

async function removeArtifacts(connection: Connection, artifacts: FileStores["artifacts"]): Promise<Batch> {
  if (!artifacts.isThere()) return NOTHING;
  const expired = await lockExpiredArtifacts(connection, FILES_AT_ONCE);
  for (const file of expired) await artifacts.discard(file);
  await deleteArtifacts(connection, expired);
  const bytes = expired.reduce((sum, file) => sum + Number(file.bytes), 0);
  return { looked: expired.length, removed: { rows: expired.length, files: expired.length, bytes } };
}
