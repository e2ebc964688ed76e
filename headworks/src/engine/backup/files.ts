// The files of a backup: responses of the archive and artifacts, each checked against its hash on the way out and in.

import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { z } from "zod";
import { HeadworksError } from "../../domain/error.ts";
import { archivedHashes, artifactRows, type Snapshot } from "../../store/backup/dump.ts";
import { damaged } from "../../store/backup/errors.ts";
import type { RestoredArtifact } from "../../store/backup/load.ts";
import type { BackedUpFiles, Manifest } from "../../store/backup/manifest.ts";
import type { BackupReader } from "../../store/backup/reader.ts";
import type { BackupWriter } from "../../store/backup/writer.ts";
import { uuidv7 } from "../ids.ts";
import { type ArtifactStore, openArtifactStore } from "../run/artifacts.ts";
import { type Archive, checkPacked, openArchive } from "../source/archive.ts";

export interface FileStores {
  archive: Archive;
  artifacts: ArtifactStore;
}

export function openFileStores(dataDir: string): FileStores {
  const root = resolve(dataDir);
  return {
    archive: openArchive(join(root, "archive")),
    artifacts: openArtifactStore(join(root, "artifacts")),
  };
}

const ARCHIVE = "archive/";
const ARTIFACTS = "artifacts/";

/** Each is on the disk before it has its name, which takes the disk a while. */
const RESPONSES_AT_ONCE = 16;

/** The first part of an artifact's stream; its content follows. */
const headSchema = z.object({ namespace: z.string(), path: z.string(), bytes: z.int(), hash: z.string() });

/** Writes all files that the snapshot names. */
export async function dumpFiles(
  snapshot: Snapshot,
  writer: BackupWriter,
  { archive, artifacts }: FileStores,
  onFile: () => void,
): Promise<NonNullable<Manifest["files"]>> {
  const responses = nothing();
  for await (const [hash = ""] of archivedHashes(snapshot)) {
    const packed = await archive.getPacked(hash).catch((error: unknown) => {
      if (isArchiveDamage(error)) return null;
      throw error;
    });
    if (packed === null) responses.differing += 1;
    else if (packed === undefined) responses.missing += 1;
    else {
      await writer.writeStream(ARCHIVE + hash, [packed]);
      counted(responses, packed);
    }
    onFile();
  }
  const published = nothing();
  for await (const [namespace = "", path = "", hash = "", temporaryName = ""] of artifactRows(snapshot)) {
    const content = await artifacts.read({ namespace, path, temporaryName });
    if (content === undefined) published.missing += 1;
    else {
      // A run that settled after the snapshot may have replaced it; in the snapshot, that run is still to come.
      const found = sha256(content);
      if (found !== hash) published.differing += 1;
      const head = { namespace, path, bytes: content.length, hash: found };
      const number = String(published.files + 1).padStart(8, "0");
      await writer.writeStream(`${ARTIFACTS}${number}.json`, [Buffer.from(JSON.stringify(head))]);
      await writer.writeStream(`${ARTIFACTS}${number}`, [content]);
      counted(published, content);
    }
    onFile();
  }
  return { archive: responses, artifacts: published };
}

/** Where the files of a backup go. */
export interface FileSink {
  response(hash: string, packed: Uint8Array): Promise<void>;
  artifact(artifact: Omit<RestoredArtifact, "temporaryName">, content: Uint8Array): Promise<void>;
}

/** Reads all files of a backup, and checks them. Throws BACKUP_DAMAGED. */
export async function readFiles(backup: BackupReader, sink: FileSink, onFile: () => void): Promise<void> {
  const { path, manifest } = backup;
  const counts = { archive: 0, artifacts: 0 };
  const underWay: Promise<void>[] = [];
  for (let stream = await backup.peek(); stream !== undefined; stream = await backup.peek()) {
    if (stream.startsWith(ARCHIVE)) {
      const name = stream;
      const packed = await whole(backup, name);
      const done = sink.response(name.slice(ARCHIVE.length), packed).catch((error: unknown) => {
        throw isArchiveDamage(error) ? damaged(path, `${name} is not what its name says`, error) : error;
      });
      // It is awaited with the others; until then its failure is not unheard.
      done.catch(() => undefined);
      underWay.push(done);
      if (underWay.length === RESPONSES_AT_ONCE) await Promise.all(underWay.splice(0));
      counts.archive += 1;
    } else if (stream.startsWith(ARTIFACTS)) {
      await readArtifact(backup, stream, sink);
      counts.artifacts += 1;
    } else throw damaged(path, `${stream} is in it, and should not be`);
    onFile();
  }
  await Promise.all(underWay);
  for (const kind of ["archive", "artifacts"] as const) {
    const expected = manifest.files?.[kind].files ?? 0;
    if (counts[kind] !== expected)
      throw damaged(path, `it has ${counts[kind]} files of the ${kind} instead of ${expected}`);
  }
}

async function readArtifact(backup: BackupReader, stream: string, sink: FileSink): Promise<void> {
  const text = await whole(backup, stream);
  const content = await whole(backup, stream.replace(/\.json$/, ""));
  let head: z.infer<typeof headSchema>;
  try {
    head = headSchema.parse(JSON.parse(text.toString("utf8")));
  } catch (error) {
    throw damaged(backup.path, `${stream} can't be read`, error);
  }
  if (sha256(content) !== head.hash)
    throw damaged(backup.path, `the artifact ${head.namespace}/${head.path} is not what was backed up`);
  await sink.artifact(head, content);
}

/** Reads the files only to check them. */
export const checkOnly: FileSink = {
  response: checkPacked,
  artifact: async () => undefined,
};

/** Puts the files into their stores: responses under their names, artifacts to be published. */
export function restoreInto(stores: FileStores): FileSink & { artifacts: RestoredArtifact[] } {
  const artifacts: RestoredArtifact[] = [];
  return {
    artifacts,
    response: (hash, packed) => stores.archive.putPacked(hash, packed),
    async artifact(artifact, content) {
      const temporaryName = uuidv7();
      await stores.artifacts.hold(temporaryName, content);
      artifacts.push({ ...artifact, temporaryName });
    },
  };
}

async function whole(backup: BackupReader, stream: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of backup.parts(stream)) parts.push(part);
  return Buffer.concat(parts);
}

function isArchiveDamage(error: unknown): boolean {
  return error instanceof HeadworksError && error.code === "ARCHIVE_DAMAGED";
}

const nothing = (): BackedUpFiles => ({ files: 0, bytes: 0, missing: 0, differing: 0 });

function counted(files: BackedUpFiles, content: Uint8Array): void {
  files.files += 1;
  files.bytes += content.length;
}

function sha256(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
