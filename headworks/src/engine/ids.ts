// Identifiers: UUIDs whose order is that of time, and the hex digits of traces.

import { randomFillSync } from "node:crypto";
import { childContext, findTraceContext, formatTraceparent } from "../domain/trace.ts";

/** Random bytes are drawn so many at once: a draw costs about as much for one as for all of them. */
const POOL_BYTES = 16_384;
const pool = Buffer.alloc(POOL_BYTES);
let drawn = POOL_BYTES;

/** A UUID version 7: 48 bits of milliseconds, then randomness. Source: RFC 9562, section 5.7. */
export function uuidv7(now = Date.now()): string {
  const at = draw(16);
  pool.writeUIntBE(now, at, 6);
  pool.writeUInt8((pool.readUInt8(at + 6) & 0x0f) | 0x70, at + 6);
  pool.writeUInt8((pool.readUInt8(at + 8) & 0x3f) | 0x80, at + 8);
  const hex = pool.toString("hex", at, at + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Where in the pool so many bytes are that nobody else gets. */
function draw(count: number): number {
  if (drawn + count > POOL_BYTES) {
    randomFillSync(pool);
    drawn = 0;
  }
  drawn += count;
  return drawn - count;
}

function randomHex(digits: number): string {
  const at = draw(digits / 2);
  return pool.toString("hex", at, at + digits / 2);
}

/** The traceparent of a run, within the trace of the run that released it. */
export function newTraceparent(parent: string | null): string {
  const context = parent === null ? undefined : findTraceContext(parent);
  return formatTraceparent(childContext(context, randomHex));
}
