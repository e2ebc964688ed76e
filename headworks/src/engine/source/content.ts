// Reads bodies: content encodings undone, bytes as text in the charset that the source names.

import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from "node:zlib";
import { decodeText } from "../../domain/charset.ts";

type Limit = { maxOutputLength: number };
type Decoder = (body: Uint8Array, options: Limit) => Promise<Uint8Array>;

const unwrapped = promisify<Uint8Array, Limit, Uint8Array>(inflate);
const raw = promisify<Uint8Array, Limit, Uint8Array>(inflateRaw);

// undici's own decompressing interceptor is experimental, says so on stderr, and leaves the bodies of errors encoded.
const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: promisify<Uint8Array, Limit, Uint8Array>(gunzip),
  "x-gzip": promisify<Uint8Array, Limit, Uint8Array>(gunzip),
  br: promisify<Uint8Array, Limit, Uint8Array>(brotliDecompress),
  zstd: promisify<Uint8Array, Limit, Uint8Array>(zstdDecompress),
  // The standard means zlib's format, and some servers send the bare one; browsers take both.
  deflate: (body, limit) => (hasZlibHeader(body) ? unwrapped(body, limit) : raw(body, limit)),
};

function hasZlibHeader([first = 0, second = 0]: Uint8Array): boolean {
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}

/** Undoes a Content-Encoding, the last one first. An unknown one is left alone. Throws the errors of node:zlib. */
export async function decodeBody(
  body: Uint8Array,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  const encodings = (contentEncoding ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  let decoded = body;
  for (const encoding of encodings.reverse()) {
    const decode = DECODERS[encoding];
    if (decode !== undefined && decoded.length > 0)
      decoded = await decode(decoded, { maxOutputLength: maxBytes });
  }
  return decoded;
}

/** The body as text, by what says its charset: see decodeText. */
export function textOf(response: { body: Uint8Array; headers: Record<string, string> }): string {
  return decodeText(response.body, response.headers["content-type"]).text;
}
