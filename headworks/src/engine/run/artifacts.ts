// Artifacts: files written under a temporary name, settled with size and hash, then renamed; what a crash left between is finished.
// A file that can't be given its name keeps its temporary one, is tried again by housekeeping, and stops no other.

import { createHash } from "node:crypto";
import { existsSync, type Stats } from "node:fs";
import { lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { messageOf } from "../../domain/error.ts";
import type { Database } from "../../store/database.ts";
import {
  listUnpublishedArtifacts,
  noteUnpublished,
  publishArtifacts,
  type UnpublishedFile,
} from "../../store/ledger/artifacts.ts";
import { doEach } from "../do-each.ts";
import { uuidv7 } from "../ids.ts";
import type { WrittenArtifact } from "./finished-run.ts";

const ABANDONED_AFTER_MS = 24 * 3_600_000;

export interface ArtifactStore {
  /** Writes a file under a temporary name. */
  write(path: string, content: string | Uint8Array): Promise<WrittenArtifact>;
  /** What keeps a file on this disk from having this name, in words; undefined when nothing is seen to. */
  findObstacle(namespace: string, path: string): Promise<string | undefined>;
  /** Gives settled files their names, and tells the ledger; also of those that can't have theirs. */
  publish(database: Database, files: readonly SettledFile[]): Promise<void>;
  /** Finishes what a crash left between settlement and renaming, and clears temporary files that nobody will settle. */
  recover(database: Database): Promise<void>;
  /** A settled file, whether it has its name yet or not; undefined when it isn't there. */
  read(file: SettledFile): Promise<Uint8Array | undefined>;
  /** Puts a file of a backup under its temporary name, to be published. */
  hold(temporaryName: string, content: Uint8Array): Promise<void>;
  /** Whether artifacts are kept here at all. */
  isThere(): boolean;
  /** Removes the file of an artifact that has expired. */
  discard(file: Pick<SettledFile, "namespace" | "path">): Promise<void>;
}

export interface SettledFile {
  namespace: string;
  path: string;
  temporaryName: string;
}

/** Keeps artifacts as `<directory>/<namespace>/<path>`. */
export function openArtifactStore(directory: string): ArtifactStore {
  const pending = join(directory, ".pending");
  const fileOf = ({ namespace, path }: Pick<SettledFile, "namespace" | "path">) =>
    join(directory, namespace, path);

  async function keep(temporaryName: string, content: string | Uint8Array): Promise<void> {
    const file = join(pending, temporaryName);
    await mkdir(pending, { recursive: true });
    try {
      await writeFile(file, content, { flush: true });
    } catch (error) {
      // Half a file would only take room, perhaps on a disk that has none left.
      await rm(file, { force: true });
      throw error;
    }
  }

  async function publish(database: Database, files: readonly SettledFile[]): Promise<UnpublishedFile[]> {
    const named: string[] = [];
    const failed: UnpublishedFile[] = [];
    for (const file of files) {
      const error = await giveName(join(pending, file.temporaryName), fileOf(file)).catch(asError);
      if (error === undefined) named.push(file.temporaryName);
      else failed.push(unpublished(file, error));
    }
    await publishArtifacts(database, named);
    // One that isn't here may be on its way, or another machine's.
    await noteUnpublished(
      database,
      failed.filter(({ kind }) => kind === "artifact.unpublished"),
    );
    return failed;
  }

  return {
    async publish(database, files) {
      await publish(database, files);
    },
    async findObstacle(namespace, path) {
      const there = await lstat(fileOf({ namespace, path })).catch(undefinedIfMissing).catch(asError);
      if (there instanceof Error) return obstacleOf(there);
      return there?.isDirectory() === true ? "there is a folder of that name" : undefined;
    },
    async read(file) {
      const found = await readFile(join(pending, file.temporaryName)).catch(undefinedIfMissing);
      return found ?? readFile(fileOf(file)).catch(undefinedIfMissing);
    },
    hold: keep,
    isThere: () => existsSync(directory),
    async discard(file) {
      try {
        await rm(fileOf(file), { force: true });
      } catch (error) {
        // A file where its folder was: then it is gone.
        if (!hasCode(error, "ENOTDIR")) throw error;
      }
    },
    async write(path, content) {
      const temporaryName = uuidv7();
      await keep(temporaryName, content);
      const bytes = Buffer.byteLength(content);
      return { path, temporaryName, bytes, hash: createHash("sha256").update(content).digest("hex") };
    },
    async recover(database) {
      const rows = await listUnpublishedArtifacts(database);
      const failed = await publish(
        database,
        rows.map(({ namespace, path, temporary_name }) => ({
          namespace,
          path,
          temporaryName: temporary_name,
        })),
      );
      const isLost = new Set(
        rows.filter((row) => row.overdue && row.publish_error === null).map((row) => row.temporary_name),
      );
      await noteUnpublished(
        database,
        failed.filter((file) => file.kind === "artifact.missing" && isLost.has(file.temporary_name)),
      );
      await clearAbandoned(pending);
    },
  };
}

/** Renames, unless that has happened already: the file is under its final name, and only the ledger wasn't told. */
async function giveName(from: string, to: string): Promise<undefined> {
  await mkdir(dirname(to), { recursive: true });
  try {
    await rename(from, to);
  } catch (error) {
    if (!existsSync(from) && existsSync(to)) return;
    throw error;
  }
}

function unpublished({ temporaryName }: SettledFile, error: Error): UnpublishedFile {
  const of = { temporary_name: temporaryName };
  if (!isMissing(error)) return { ...of, kind: "artifact.unpublished", error: error.message };
  const lost = "it was settled, but its file is gone: run its output again to write it anew";
  return { ...of, kind: "artifact.missing", error: lost };
}

function obstacleOf(error: Error): string {
  const code = "code" in error ? error.code : undefined;
  if (code === "ENOTDIR") return "a file is where a folder is needed";
  if (code === "ENAMETOOLONG") return "its name is too long with the data directory before it";
  return error.message;
}

function isMissing(error: unknown): boolean {
  return hasCode(error, "ENOENT");
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

function undefinedIfMissing(error: unknown): undefined {
  if (isMissing(error)) return undefined;
  throw error;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(messageOf(error));
}

/** Files come and go meanwhile: each is looked at by itself. */
async function clearAbandoned(pending: string): Promise<void> {
  if (!existsSync(pending)) return;
  await doEach(await readdir(pending), async (name) => {
    const found: Stats | undefined = await stat(join(pending, name)).catch(undefinedIfMissing);
    if (found !== undefined && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS)
      await rm(join(pending, name), { force: true });
  });
}
