// Keeps the bodies of responses on disk by the hash of their content: `ab/cd/<sha-256>.gz`, each content once.
//
// On node:fs, since flydrive's disk driver writes in place and moves by copying: a crash would leave half a body under its name.

import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { HeadworksError, messageOf } from "../../domain/error.ts";

export interface Archive {
  /** Keeps a body; gives its SHA-256 in hex. Throws ARCHIVE_UNWRITABLE. */
  put(body: Uint8Array): Promise<string>;
  /** The body of this hash, or undefined. Throws ARCHIVE_DAMAGED when what is there isn't it. */
  get(hash: string): Promise<Uint8Array | undefined>;
  /** The same, packed as it is kept: for a backup. */
  getPacked(hash: string): Promise<Uint8Array | undefined>;
  /** Keeps what getPacked gave. Throws ARCHIVE_DAMAGED and ARCHIVE_UNWRITABLE. */
  putPacked(hash: string, packed: Uint8Array): Promise<void>;
  /** Whether there is an archive here at all. */
  isThere(): Promise<boolean>;
  /**
   * Takes a body away from its name, unless it was written or found within `graceMs`: it is still found by `get`.
   * Gives its size on the disk; undefined where there is none. A writer keeps it anew from then on.
   */
  setAside(hash: string, graceMs: number): Promise<number | "young" | undefined>;
  /** Gives a body that was set aside its name again. */
  putBack(hash: string): Promise<void>;
  /** Removes a body that was set aside. */
  discard(hash: string): Promise<void>;
}

const compress = promisify<Uint8Array, Buffer>(gzip);
const decompress = promisify<Uint8Array, Buffer>(gunzip);

/** Opens an archive in a directory, which is made at the first body. Any number of processes may share it. */
export function openArchive(directory: string): Archive {
  const fileOf = (hash: string) => join(directory, hash.slice(0, 2), hash.slice(2, 4), `${hash}.gz`);
  const asideOf = (hash: string) => join(directory, ".aside", `${hash}.gz`);

  /** The second look at its name is for one that was put back between the others. */
  async function read(hash: string): Promise<Buffer | undefined> {
    for (const file of [fileOf(hash), asideOf(hash), fileOf(hash)]) {
      const packed = await readFile(file).catch(undefinedIfMissing);
      if (packed !== undefined) return packed;
    }
    return undefined;
  }

  return {
    async put(body) {
      const hash = sha256(body);
      const file = fileOf(hash);
      try {
        if (!(await freshen(file))) await writeOnce(file, await compress(body));
      } catch (error) {
        throw unwritable(directory, error);
      }
      return hash;
    },
    async get(hash) {
      const packed = await read(hash);
      return packed && unpack(fileOf(hash), hash, packed);
    },
    async getPacked(hash) {
      const packed = await read(hash);
      if (packed !== undefined) await unpack(fileOf(hash), hash, packed);
      return packed;
    },
    async putPacked(hash, packed) {
      const file = fileOf(hash);
      await unpack(file, hash, packed);
      try {
        if (!(await freshen(file))) await writeOnce(file, packed);
      } catch (error) {
        throw unwritable(directory, error);
      }
    },
    isThere: async () => (await stat(directory).catch(undefinedIfMissing)) !== undefined,
    async setAside(hash, graceMs) {
      const [file, aside] = [fileOf(hash), asideOf(hash)];
      const before = await stat(file).catch(undefinedIfMissing);
      if (before !== undefined) {
        if (isYoung(before, graceMs)) return "young";
        await mkdir(dirname(aside), { recursive: true });
        await rename(file, aside);
      }
      // A writer that freshened it in between relies on it; one that comes now finds nothing, and writes it anew.
      const moved = await stat(aside).catch(undefinedIfMissing);
      if (moved === undefined || !isYoung(moved, graceMs)) return moved?.size;
      await rename(aside, file);
      return "young";
    },
    async putBack(hash) {
      await rename(asideOf(hash), fileOf(hash)).catch(undefinedIfMissing);
    },
    discard: (hash) => rm(asideOf(hash), { force: true }),
  };
}

/** Throws ARCHIVE_DAMAGED when this isn't the packed body of this hash. */
export async function checkPacked(hash: string, packed: Uint8Array): Promise<void> {
  await unpack(hash, hash, packed);
}

/** The body. Throws ARCHIVE_DAMAGED when it isn't the one of this hash. */
async function unpack(file: string, hash: string, packed: Uint8Array): Promise<Uint8Array> {
  const body = await decompress(packed).catch((error: unknown) => {
    throw damaged(file, error);
  });
  if (sha256(body) !== hash) throw damaged(file, "its content has another hash");
  return body;
}

/** Under a temporary name first, and on disk before it is renamed: who sees the name sees all of the body. */
async function writeOnce(file: string, content: Uint8Array): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(temporary, content, { flush: true });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Whether the file is there, and was told that somebody relies on it: it isn't removed for a while. */
async function freshen(file: string): Promise<boolean> {
  const now = new Date();
  try {
    await utimes(file, now, now);
    return true;
  } catch (error) {
    // Another user's file is written anew.
    if (error instanceof Error && "code" in error && /^(ENOENT|EPERM|EACCES)$/.test(String(error.code)))
      return false;
    throw error;
  }
}

function isYoung({ mtimeMs }: { mtimeMs: number }, graceMs: number): boolean {
  return Date.now() - mtimeMs < graceMs;
}

function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}

function sha256(body: Uint8Array): string {
  return createHash("sha256").update(body).digest("hex");
}

function unwritable(directory: string, cause: unknown): HeadworksError {
  return new HeadworksError({
    code: "ARCHIVE_UNWRITABLE",
    message: `a response can't be kept in the archive ${directory}: ${messageOf(cause)}`,
    hint: "free some space, or make it a directory that you may write to",
    cause,
  });
}

function damaged(file: string, cause: unknown): HeadworksError {
  return new HeadworksError({
    code: "ARCHIVE_DAMAGED",
    message: `${file} is damaged: ${messageOf(cause)}`,
    hint: "remove the file and fetch the response again, by a run without --from-archive",
    cause,
  });
}
