// The journal of a process: what its runs log and fetch, stored at most every half second and before a run settles.
//
// A process that dies takes the lines of its last half second with it; they are on stderr alone.

import type { LogFields, RunLog } from "../../define/context.ts";
import type { Severity } from "../../domain/severity.ts";
import { findTraceContext } from "../../domain/trace.ts";
import type { Database } from "../../store/database.ts";
import type { RawDocument } from "../../store/history/documents.ts";
import { keepLines } from "../../telemetry/kept-lines.ts";
import { type Labels, MAX_FIELDS_BYTES, prepareLine } from "../../telemetry/line.ts";
import type { Log } from "../../telemetry/log.ts";
import type { Redactor } from "../../telemetry/redact.ts";
import { cutText, storableText } from "../../telemetry/storable.ts";
import { createJournalWriter, type RunBuffer } from "./journal-writer.ts";

const WRITE_EVERY_MS = 500;

export interface JournalOptions {
  database: Database;
  /** Where the lines go besides, and where it is told when they can't be stored. */
  log: Log;
  redact: Redactor;
  /** What may wait in memory while the database takes nothing, in bytes. Default 64 MiB. */
  maxWaitingBytes?: number;
}

interface RunIdentity {
  run: string;
  labels: Labels;
  traceparent: string;
}

/** What one run logs and fetches. */
export interface RunJournal {
  readonly log: RunLog;
  keepDocument(document: RawDocument): void;
  /** Stores everything so far. Never rejects: what the database doesn't take is reported and tried again. */
  flush(): Promise<void>;
  /** How many lines were logged and are not kept. */
  linesDropped(): number;
  /** How many documents were handed in. */
  documents(): number;
}

export interface Journal {
  forRun(identity: RunIdentity): RunJournal;
  /** Stores what is left, as far as the database takes it, and stops trying. */
  close(): Promise<void>;
}

/** Opens the journal of a process. */
export function openJournal(options: JournalOptions): Journal {
  const { redact } = options;
  const write = createJournalWriter(options);
  /** Those with something to store; the one that waits longest first. */
  const unsaved = new Set<RunBuffer>();
  let writing = Promise.resolve();
  let next: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  /** Everybody who asks while a write is under way shares the one after it. */
  function writeNext(): Promise<void> {
    next ??= writing.then(() => {
      next = undefined;
      writing = write(unsaved).then(writeLater);
      return writing;
    });
    return next;
  }

  function writeLater(): void {
    if (closed || timer !== undefined || unsaved.size === 0) return;
    timer = setTimeout(() => {
      timer = undefined;
      void writeNext();
    }, WRITE_EVERY_MS).unref();
  }

  function touch(buffer: RunBuffer): void {
    unsaved.add(buffer);
    writeLater();
  }

  async function flush(buffer: RunBuffer): Promise<void> {
    await writing;
    if (unsaved.has(buffer)) await writeNext();
  }

  function forRun({ run, labels, traceparent }: RunIdentity): RunJournal {
    // Most runs log and fetch nothing: what is needed for it is made by the first that does.
    let buffer: RunBuffer | undefined;
    let log: Log | undefined;
    let documents = 0;
    const bufferOfRun = () => {
      buffer ??= { run, lines: keepLines(), documents: [], apart: false };
      return buffer;
    };
    const logOfRun = () => {
      log ??= options.log.child({ ...labels, trace: findTraceContext(traceparent)?.traceId });
      return log;
    };

    const logAs = (severity: Severity) => (message: string, fields?: LogFields) => {
      const line = prepareLine(message, fields, redact);
      const at = new Date();
      logOfRun().write(severity, line, at);
      bufferOfRun().lines.add({ severity, at: at.toISOString(), ...line });
      touch(bufferOfRun());
    };
    return {
      log: { debug: logAs("DEBUG"), info: logAs("INFO"), warn: logAs("WARNING"), error: logAs("ERROR") },
      keepDocument(document) {
        documents += 1;
        bufferOfRun().documents.push(prepareDocument(document, redact));
        touch(bufferOfRun());
      },
      flush: () => (buffer === undefined ? Promise.resolve() : flush(buffer)),
      linesDropped: () => buffer?.lines.dropped() ?? 0,
      documents: () => documents,
    };
  }

  async function close(): Promise<void> {
    closed = true;
    clearTimeout(timer);
    await writing;
    if (unsaved.size > 0) await writeNext();
  }

  return { forRun, close };
}

/** Secrets can be in a query, and a source may answer with any bytes. */
function prepareDocument(document: RawDocument, redact: Redactor): RawDocument {
  const prepare = (text: string) => cutText(storableText(redact(text)), MAX_FIELDS_BYTES);
  const headers = Object.entries(document.headers).map(([name, value]) => [name, prepare(value)]);
  return { ...document, url: prepare(document.url), headers: Object.fromEntries(headers) };
}
