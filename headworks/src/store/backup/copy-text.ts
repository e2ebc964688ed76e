// COPY's text format: lines of a stream, their fields, and a digest of rows that doesn't depend on their order.

import { hash } from "node:crypto";

const NEWLINE = 10;
const LANES = 8;

/** Splits chunks into lines, without their ends. What follows the last end is no row, and refused. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const splitter = new LineSplitter();
  for await (const chunk of chunks) yield* splitter.split(chunk);
  if (splitter.hasRest) throw new Error("the last row has no end");
}

const ESCAPES: Record<string, string> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** The fields of a line that has no nulls. */
export function fieldsOf(line: Buffer): string[] {
  return line
    .toString("utf8")
    .split("\t")
    .map((field) => field.replace(/\\(.)/gs, (_all, escaped: string) => ESCAPES[escaped] ?? escaped));
}

/**
 * What a table holds, whatever the order of its rows: the sums of the eight words of each row's SHA-256. Two tables of
 * the same digest have the same rows, each as often.
 */
export class RowsDigest {
  rows = 0;
  bytes = 0;
  readonly #lanes = new Uint32Array(LANES);
  readonly #splitter = new LineSplitter();

  update(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    for (const line of this.#splitter.split(chunk)) {
      const words = hash("sha256", line, "buffer");
      for (let lane = 0; lane < LANES; lane += 1)
        this.#lanes[lane] = ((this.#lanes[lane] ?? 0) + words.readUInt32LE(lane * 4)) >>> 0;
      this.rows += 1;
    }
  }

  /** 64 hex digits. */
  get digest(): string {
    const rest = this.#splitter.hasRest ? "+" : "";
    return Buffer.from(this.#lanes.buffer).toString("hex") + rest;
  }

  /** Passes chunks on while it counts them. */
  async *through(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.update(chunk);
      yield chunk;
    }
  }
}

class LineSplitter {
  #rest: Uint8Array[] = [];

  get hasRest(): boolean {
    return this.#rest.length > 0;
  }

  *split(chunk: Uint8Array): Generator<Buffer> {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      const line = bytes.subarray(start, end);
      yield this.#rest.length === 0 ? line : Buffer.concat([...this.#rest, line]);
      this.#rest = [];
      start = end + 1;
    }
    // A copy, since the stream may use its memory again.
    if (start < bytes.length) this.#rest.push(Buffer.from(bytes.subarray(start)));
  }
}
