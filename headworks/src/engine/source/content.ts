// Reads bodies: content encodings undone, bytes as text in the charset that the source names.

import { promisify, TextDecoder } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";

type Decoder = (body: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>;

// undici's own decompressing interceptor is experimental, says so on stderr, and leaves the bodies of errors encoded.
const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(gunzip),
  "x-gzip": promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(gunzip),
  br: promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(brotliDecompress),
  deflate: promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(inflate),
};

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

/** The body as text: in the charset of its content type, else UTF-8; without a byte order mark. */
export function textOf(response: { body: Uint8Array; headers: Record<string, string> }): string {
  const charset = /charset="?([^\s;"]+)/i.exec(response.headers["content-type"] ?? "")?.[1] ?? "utf-8";
  return decoderFor(charset).decode(response.body);
}

function decoderFor(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch (error) {
    if (error instanceof RangeError) return new TextDecoder();
    throw error;
  }
}
