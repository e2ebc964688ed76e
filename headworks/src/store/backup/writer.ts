// Writes a backup's file: streams in parts of a few MB as entries of a tar, the manifest, and a trailer that tells where it is.

import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { FORMAT, type Manifest } from "./manifest.ts";
import { paddingOf, TAR_END, tarHeader } from "./tar.ts";

/** A part is held in memory, both when it is written and when it is read. */
export const PART_BYTES = 4_194_304;

export type Contents = Omit<Manifest, "format" | "bytes" | "sha256">;

export class BackupWriter {
  readonly #file: FileHandle;
  readonly #atSeconds: number;
  readonly #hash = createHash("sha256");
  #position = 0;

  private constructor(file: FileHandle, at: Date) {
    this.#file = file;
    this.#atSeconds = Math.floor(at.getTime() / 1_000);
  }

  /** Makes the file; it must not exist. */
  static async create(path: string, at: Date): Promise<BackupWriter> {
    return new BackupWriter(await open(path, "wx", 0o600), at);
  }

  /** Bytes written. */
  get bytes(): number {
    return this.#position;
  }

  /** Writes one stream; an empty one has one empty part. */
  async writeStream(stream: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
    let pieces: Uint8Array[] = [];
    let length = 0;
    let part = 0;
    const flush = async () => {
      await this.#entry(stream, part, Buffer.concat(pieces));
      part += 1;
      pieces = [];
      length = 0;
    };
    for await (const chunk of chunks) {
      for (let offset = 0; offset < chunk.length; ) {
        const piece = chunk.subarray(offset, offset + PART_BYTES - length);
        pieces.push(piece);
        length += piece.length;
        offset += piece.length;
        if (length === PART_BYTES) await flush();
      }
    }
    if (length > 0 || part === 0) await flush();
  }

  /** Ends the file and has it written to the disk. */
  async finish(contents: Contents): Promise<Manifest> {
    const manifest: Manifest = {
      format: FORMAT,
      ...contents,
      bytes: this.#position,
      sha256: this.#hash.copy().digest("hex"),
    };
    const manifestAt = this.#position;
    const text = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
    await this.#append("", "manifest.json", text);
    const sha256 = createHash("sha256").update(text).digest("hex");
    const trailer = { manifest_at: manifestAt, bytes: text.length, sha256 };
    await this.#append("", "trailer.json", Buffer.from(`${JSON.stringify(trailer)}\n`));
    await this.#write(TAR_END);
    await this.#file.sync();
    return manifest;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  #entry(stream: string, part: number, body: Buffer): Promise<void> {
    return this.#append(stream, String(part).padStart(6, "0"), body);
  }

  async #append(folder: string, file: string, body: Buffer): Promise<void> {
    await this.#write(tarHeader({ folder, file, bytes: body.length }, this.#atSeconds));
    await this.#write(body);
    await this.#write(Buffer.alloc(paddingOf(body.length)));
  }

  async #write(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return;
    this.#hash.update(bytes);
    for (let offset = 0; offset < bytes.length; ) {
      const { bytesWritten } = await this.#file.write(bytes, offset);
      offset += bytesWritten;
    }
    this.#position += bytes.length;
  }
}
