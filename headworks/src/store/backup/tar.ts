// The blocks of a tar file (POSIX ustar), so that a backup can be looked into with any tar.

const BLOCK = 512;

/** What ends a tar file. */
export const TAR_END = Buffer.alloc(2 * BLOCK);
export const TAR_BLOCK = BLOCK;

export interface TarEntry {
  /** The folder, at most 155 bytes. */
  folder: string;
  /** The file in it, at most 100 bytes. */
  file: string;
  bytes: number;
}

/** How many zero bytes fill up the last block of so many. */
export function paddingOf(bytes: number): number {
  return (BLOCK - (bytes % BLOCK)) % BLOCK;
}

export function tarHeader({ folder, file, bytes }: TarEntry, atSeconds: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  const put = (text: string, offset: number) => header.write(text, offset, "utf8");
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, "0")}\0`;
  put(file, 0);
  put(octal(0o600, 7), 100);
  put(octal(0, 7), 108);
  put(octal(0, 7), 116);
  put(octal(bytes, 11), 124);
  put(octal(atSeconds, 11), 136);
  put(" ".repeat(8), 148);
  put("0", 156);
  put("ustar\x0000", 257);
  put(folder, 345);
  put(`${checksum(header).toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

/** The entry that a header describes; undefined when the block is no header. */
export function readTarHeader(header: Buffer): TarEntry | undefined {
  const text = (offset: number, length: number) =>
    header.toString("utf8", offset, offset + length).split("\0")[0] ?? "";
  if (text(257, 6) !== "ustar") return undefined;
  const blank = Buffer.from(header).fill(" ", 148, 156);
  if (Number.parseInt(text(148, 8), 8) !== checksum(blank)) return undefined;
  return { folder: text(345, 155), file: text(0, 100), bytes: Number.parseInt(text(124, 12), 8) };
}

function checksum(header: Buffer): number {
  return header.reduce((sum, byte) => sum + byte, 0);
}
