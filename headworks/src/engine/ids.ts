// Identifiers: UUIDs whose order is that of time, and the hex digits of traces.

import { randomFillSync } from "node:crypto";
import { childContext, findTraceContext, formatTraceparent } from "../domain/trace.ts";

/** Random bytes are drawn so many at once: a draw costs about as much for one as for all of them. */
const POOL_BYTES = 16_384;
const pool = Buffer.alloc(POOL_BYTES);
let drawn = POOL_BYTES;

/** A UUID version 7: 48 bits of milliseconds, then randomness. Source: RFC 9562, section 5.7. */
export function uuidv7(now = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A view of bytes that nobody else gets. */
function randomBytes(count: number): Buffer {
  if (drawn + count > POOL_BYTES) {
    randomFillSync(pool);
    drawn = 0;
  }
  drawn += count;
  return pool.subarray(drawn - count, drawn);
}

/** The traceparent of a run, within the trace of the run that released it. */
export function newTraceparent(parent: string | null): string {
  const context = parent === null ? undefined : findTraceContext(parent);
  return formatTraceparent(childContext(context, (digits) => randomBytes(digits / 2).toString("hex")));
}
