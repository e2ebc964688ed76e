// Reads a backup's file: the manifest from its end, then the streams in their order, each part checked as it comes.

import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createZstdDecompress } from "node:zlib";
import { HeadworksError, messageOf } from "../../domain/error.ts";
import { RowsDigest } from "./copy-text.ts";
import { damaged, incomplete, newer } from "./errors.ts";
import {
  type BackedUpTable,
  FORMAT,
  type Manifest,
  manifestSchema,
  streamOf,
  trailerSchema,
} from "./manifest.ts";
import { paddingOf, readTarHeader, TAR_BLOCK, TAR_END, type TarEntry } from "./tar.ts";
import { PART_BYTES } from "./writer.ts";

const MANIFEST_AT_MOST = 268_435_456;

export class BackupReader {
  readonly path: string;
  readonly manifest: Manifest;
  readonly bytes: number;
  readonly #file: FileHandle;
  readonly #hash = createHash("sha256");
  #position = 0;
  #next: TarEntry | undefined;

  private constructor(path: string, file: FileHandle, bytes: number, manifest: Manifest) {
    this.path = path;
    this.manifest = manifest;
    this.bytes = bytes;
    this.#file = file;
  }

  /** Throws BACKUP_NOT_FOUND, BACKUP_INCOMPLETE, BACKUP_DAMAGED and BACKUP_NEWER. */
  static async open(path: string): Promise<BackupReader> {
    const file = await open(path, "r").catch((error: unknown) => {
      throw notFound(`${path} can't be opened: ${messageOf(error)}`, error);
    });
    try {
      const found = await file.stat();
      if (found.isDirectory()) throw notFound(`${path} is a folder`);
      return new BackupReader(path, file, found.size, await readManifest(file, path, found.size));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** Bytes read. */
  get position(): number {
    return this.#position;
  }

  /** The name of the stream that comes next; undefined at the end. */
  async peek(): Promise<string | undefined> {
    if (this.#next === undefined && this.#position < this.manifest.bytes) {
      const entry = readTarHeader(await this.#read(TAR_BLOCK));
      if (entry === undefined || !(entry.bytes <= PART_BYTES))
        throw damaged(this.path, `no part begins at byte ${this.#position - TAR_BLOCK}, where one should`);
      this.#next = entry;
    }
    return this.#next?.folder;
  }

  /** The parts of the next stream, which must be this one. */
  async *parts(stream: string): AsyncGenerator<Buffer> {
    for (let part = 0; part === 0 || (await this.peek()) === stream; part += 1) {
      const found = await this.peek();
      const isIt = found === stream && Number(this.#next?.file) === part;
      if (!isIt) throw damaged(this.path, `${stream} should come next, not ${found ?? "the end"}`);
      const bytes = this.#next?.bytes ?? 0;
      this.#next = undefined;
      const body = await this.#read(bytes + paddingOf(bytes));
      yield body.subarray(0, bytes);
    }
  }

  /** Hands the rows of the next table, in COPY's text format, to `consume`, and checks them against the manifest. */
  async readTable(
    table: BackedUpTable,
    consume: (chunks: AsyncIterable<Uint8Array>) => Promise<unknown>,
  ): Promise<void> {
    const digest = new RowsDigest();
    const name = `${table.schema}.${table.name}`;
    let failure: unknown;
    await pipeline(
      Readable.from(this.parts(streamOf(table)), { objectMode: false }),
      createZstdDecompress(),
      async (chunks: AsyncIterable<Uint8Array>) => {
        await consume(digest.through(chunks)).catch((error: unknown) => {
          failure = error;
          throw error;
        });
      },
    ).catch((error: unknown) => {
      if (error instanceof HeadworksError || (failure === error && !isZlibError(error))) throw error;
      throw damaged(this.path, `the rows of ${name} can't be unpacked (${messageOf(error)})`, error);
    });
    if (digest.rows !== table.rows)
      throw damaged(this.path, `${name} has ${digest.rows} rows instead of ${table.rows}`);
    if (digest.digest !== table.digest || digest.bytes !== table.bytes)
      throw damaged(this.path, `the rows of ${name} are not those that were backed up`);
  }

  /** Call when all streams are read: nothing else may be in the file. */
  async finish(): Promise<void> {
    const left = await this.peek();
    if (left !== undefined) throw damaged(this.path, `${left} is in it, and should not be`);
    if (this.#hash.digest("hex") !== this.manifest.sha256)
      throw damaged(this.path, "it is not what was written, though every table and file is as it was");
  }

  async #read(bytes: number): Promise<Buffer> {
    if (this.#position + bytes > this.manifest.bytes)
      throw damaged(this.path, "a part is longer than the file");
    const buffer = await readAt(this.#file, this.#position, bytes);
    if (buffer === undefined) throw incomplete(this.path);
    this.#hash.update(buffer);
    this.#position += bytes;
    return buffer;
  }
}

async function readManifest(file: FileHandle, path: string, size: number): Promise<Manifest> {
  const tail = TAR_BLOCK * 2 + TAR_END.length;
  const end = size < tail ? undefined : await readAt(file, size - tail, tail);
  const entry = end && readTarHeader(end.subarray(0, TAR_BLOCK));
  if (end === undefined || entry?.file !== "trailer.json") throw incomplete(path);
  const trailer = trailerSchema.safeParse(parsed(end.subarray(TAR_BLOCK, TAR_BLOCK + entry.bytes)));
  if (!trailer.success) throw damaged(path, "its last entry can't be read");
  const { manifest_at: at, bytes, sha256 } = trailer.data;
  const text = bytes <= MANIFEST_AT_MOST ? await readAt(file, at + TAR_BLOCK, bytes) : undefined;
  if (text === undefined || createHash("sha256").update(text).digest("hex") !== sha256)
    throw damaged(path, "its manifest is not what was written");
  const content = parsed(text);
  const manifest = manifestSchema.safeParse(content);
  if (manifest.success && manifest.data.bytes === at) return manifest.data;
  const format = (content as { format?: unknown } | undefined)?.format;
  if (format !== FORMAT) throw newer(path, `format ${format}`);
  throw damaged(path, "its manifest says what can't be");
}

/** Undefined when the file ends before. */
async function readAt(file: FileHandle, position: number, bytes: number): Promise<Buffer | undefined> {
  const buffer = Buffer.allocUnsafe(bytes);
  for (let offset = 0; offset < bytes; ) {
    const { bytesRead } = await file.read(buffer, offset, bytes - offset, position + offset);
    if (bytesRead === 0) return undefined;
    offset += bytesRead;
  }
  return buffer;
}

function parsed(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString("utf8"));
  } catch {
    return undefined;
  }
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^(ZSTD|Z)_/.test(String(error.code));
}

function notFound(message: string, cause?: unknown): HeadworksError {
  return new HeadworksError({
    code: "BACKUP_NOT_FOUND",
    message,
    hint: "name the file that `headworks backups create` has written",
    cause,
  });
}
