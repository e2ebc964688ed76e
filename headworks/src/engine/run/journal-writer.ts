// Writes what runs left in their buffers to the database: all runs in one statement, one write at a time.
//
// What the database doesn't take stays in its buffer and is tried again. A run whose lines it refuses is written by
// itself from then on, so that it keeps nobody else's out; if too much waits, the oldest is given up and reported.

import { type Database, isConnectionLoss } from "../../store/database.ts";
import { insertDocuments, type RawDocument } from "../../store/history/documents.ts";
import { deleteMiddleLines, insertLogLines } from "../../store/history/logs.ts";
import type { KeptLines } from "../../telemetry/kept-lines.ts";
import type { Log } from "../../telemetry/log.ts";

/** What waits while the database doesn't take it is at most this much, in bytes. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** What a line or document needs besides its texts, in bytes. */
const OVERHEAD_BYTES = 200;

/** What one run logged and fetched and isn't stored yet. */
export interface RunBuffer {
  run: string;
  lines: KeptLines;
  documents: RawDocument[];
  /** The database refused it, or a group that it was in. */
  apart: boolean;
}

export interface JournalWriterOptions {
  database: Database;
  log: Log;
  maxWaitingBytes?: number | undefined;
}

/** Tries to write all of these, and takes those that are stored entirely out of the set. Never rejects. */
export type JournalWriter = (buffers: Set<RunBuffer>) => Promise<void>;

/** Makes a writer; it may not be called again before it is done. */
export function createJournalWriter(options: JournalWriterOptions): JournalWriter {
  const { database, log, maxWaitingBytes = MAX_WAITING_BYTES } = options;
  let failing = false;

  async function attempt(buffers: readonly RunBuffer[]): Promise<unknown> {
    try {
      await store(database, buffers);
      for (const buffer of buffers) buffer.apart = false;
      return undefined;
    } catch (error) {
      for (const buffer of buffers) buffer.apart = true;
      return error;
    }
  }

  async function writeAll(buffers: ReadonlySet<RunBuffer>): Promise<unknown> {
    const groupError = await attempt([...buffers].filter((buffer) => !buffer.apart));
    let lastError: unknown;
    for (const buffer of [...buffers].filter(({ apart }) => apart)) {
      if (isConnectionLoss(lastError ?? groupError)) break;
      lastError = (await attempt([buffer])) ?? lastError;
    }
    return isConnectionLoss(groupError) ? groupError : lastError;
  }

  function report(error: unknown): void {
    if (error !== undefined && !failing) {
      log.warn("the logs of runs can't be stored; they are kept in memory and tried again", { error });
    }
    if (error === undefined && failing) log.info("the logs of runs are stored again");
    failing = error !== undefined;
  }

  function makeRoom(buffers: Set<RunBuffer>): void {
    let waiting = [...buffers].reduce((sum, buffer) => sum + bytesOf(buffer), 0);
    for (const buffer of buffers) {
      if (waiting <= maxWaitingBytes) return;
      waiting -= bytesOf(buffer);
      buffers.delete(buffer);
      const documents = buffer.documents.splice(0).length;
      const fields = { run: buffer.run, lines: buffer.lines.giveUp(), documents };
      log.error("log lines or documents of a run are lost, since too much waits to be stored", fields);
    }
  }

  return async (buffers) => {
    const error = await writeAll(buffers);
    for (const buffer of buffers) if (isStored(buffer)) buffers.delete(buffer);
    report(error);
    if (error !== undefined) makeRoom(buffers);
  };
}

/** Whatever is stored is noted at once, so that only the rest is tried again. */
async function store(database: Database, buffers: readonly RunBuffer[]): Promise<void> {
  const lines = buffers.map((buffer) => buffer.lines.pending());
  const documents = buffers.map((buffer) => [...buffer.documents]);

  await insertLogLines(
    database,
    buffers.flatMap(({ run }, index) => (lines[index] ?? []).map((line) => ({ run, ...line }))),
  );
  for (const [index, buffer] of buffers.entries()) buffer.lines.stored(lines[index] ?? []);

  const surplus = buffers.flatMap((buffer) => {
    const range = buffer.lines.findSurplus();
    return range === undefined ? [] : [{ run: buffer.run, range, lines: buffer.lines }];
  });
  await deleteMiddleLines(
    database,
    surplus.map(({ run, range }) => ({ run, ...range })),
  );
  for (const { lines, range } of surplus) lines.deleted(range);

  await insertDocuments(
    database,
    buffers.flatMap(({ run }, index) => (documents[index] ?? []).map((document) => ({ run, ...document }))),
  );
  for (const [index, buffer] of buffers.entries()) buffer.documents.splice(0, documents[index]?.length ?? 0);
}

function isStored(buffer: RunBuffer): boolean {
  return buffer.lines.isSettled() && buffer.documents.length === 0;
}

/** An estimate: texts in UTF-16 units. */
function bytesOf(buffer: RunBuffer): number {
  const lines = buffer.lines.pending().map(({ message, fields }) => message.length + sizeOf(fields));
  const documents = buffer.documents.map(({ url, headers }) => url.length + sizeOf(headers));
  return [...lines, ...documents].reduce((sum, size) => sum + size + OVERHEAD_BYTES, 0);
}

function sizeOf(fields: object | null): number {
  return fields === null ? 0 : JSON.stringify(fields).length;
}
