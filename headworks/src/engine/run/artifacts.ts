// Artifacts: files written under a temporary name, settled with size and hash, then renamed; what a crash left between is finished.

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, normalize, sep } from "node:path";
import { HeadworksError } from "../../domain/error.ts";
import type { Database } from "../../store/database.ts";
import { recordEventOnce } from "../../store/history/records.ts";
import { listUnpublishedArtifacts, publishArtifacts } from "../../store/ledger/settlement.ts";
import { uuidv7 } from "../ids.ts";
import type { WrittenArtifact } from "./finished-run.ts";

const ABANDONED_AFTER_MS = 24 * 3_600_000;

export interface ArtifactStore {
  /** Writes a file under a temporary name. */
  write(path: string, content: string | Uint8Array): Promise<WrittenArtifact>;
  /** Gives settled files their names, and tells the ledger. */
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

  async function publish(database: Database, files: readonly SettledFile[]): Promise<void> {
    for (const file of files)
      await giveName(join(pending, file.temporaryName), join(directory, file.namespace, file.path));
    await publishArtifacts(
      database,
      files.map((file) => file.temporaryName),
    );
  }

  return {
    publish,
    async read({ namespace, path, temporaryName }) {
      const found = await readFile(join(pending, temporaryName)).catch(undefinedIfMissing);
      return found ?? readFile(join(directory, namespace, path)).catch(undefinedIfMissing);
    },
    async hold(temporaryName, content) {
      await mkdir(pending, { recursive: true });
      await writeFile(join(pending, temporaryName), content, { flush: true });
    },
    isThere: () => existsSync(directory),
    discard: ({ namespace, path }) => rm(join(directory, namespace, path), { force: true }),
    async write(path, content) {
      const safe = checkedPath(path);
      const temporaryName = uuidv7();
      await mkdir(pending, { recursive: true });
      await writeFile(join(pending, temporaryName), content, { flush: true });
      const bytes = Buffer.byteLength(content);
      return { path: safe, temporaryName, bytes, hash: createHash("sha256").update(content).digest("hex") };
    },
    async recover(database) {
      for (const row of await listUnpublishedArtifacts(database)) {
        const file = { namespace: row.namespace, path: row.path, temporaryName: row.temporary_name };
        try {
          await publish(database, [file]);
        } catch (error) {
          // The others are finished all the same; one that turns up after all, later.
          if (!isMissing(error)) throw error;
          if (row.overdue) await tellMissing(database, file);
        }
      }
      await clearAbandoned(pending);
    },
  };
}

/** Renames, unless that has happened already: the file is under its final name, and only the ledger wasn't told. */
async function giveName(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  try {
    await rename(from, to);
  } catch (error) {
    if (!existsSync(from) && existsSync(to)) return;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function undefinedIfMissing(error: unknown): undefined {
  if (isMissing(error)) return undefined;
  throw error;
}

async function tellMissing(database: Database, { namespace, path, temporaryName }: SettledFile) {
  await recordEventOnce(database, {
    kind: "artifact.missing",
    subject: `${namespace}/${path}`,
    message: "it was settled, but its file is gone: run its output again to write it anew",
    details: { temporary_name: temporaryName },
  });
}

async function clearAbandoned(pending: string): Promise<void> {
  if (!existsSync(pending)) return;
  for (const name of await readdir(pending)) {
    const { mtimeMs } = await stat(join(pending, name));
    if (Date.now() - mtimeMs > ABANDONED_AFTER_MS) await rm(join(pending, name), { force: true });
  }
}

function checkedPath(path: string): string {
  const normal = normalize(path).split(sep).join("/");
  const outside =
    normal.startsWith("/") || normal.startsWith("..") || normal === "." || normal.includes("\0");
  if (!outside) return normal;
  throw new HeadworksError({
    code: "ARTIFACT_PATH_INVALID",
    message: `"${path}" is no path for an artifact`,
    hint: "use a relative path with / that stays within the artifacts, such as standings/2026-01-14.json",
  });
}
