// The lines that runs logged: stored in sets, searched across runs, followed while they come.

import { HeadworksError } from "../../domain/error.ts";
import type { Outcome } from "../../domain/settlement/outcome.ts";
import { type LineFields, SEVERITIES, type Severity } from "../../domain/severity.ts";
import type { Executor } from "../database.ts";
import * as sql from "./logs.queries.ts";

/** The most rows of one statement. */
const ROWS_PER_STATEMENT = 1_000;

/** One line of a run. */
export interface LogLine {
  /** Counts the lines of the run, from 1. */
  seq: number;
  /** ISO 8601, in milliseconds, by the clock of the process that ran it. */
  at: string;
  severity: Severity;
  message: string;
  fields: LineFields | null;
}

/** A line and the run that logged it. */
export interface LineOfRun extends LogLine {
  run: string;
}

/** Lines `firstSeq` to `lastSeq` of a run, both included. */
export interface LineRange {
  run: string;
  firstSeq: number;
  lastSeq: number;
}

/** Which lines are wanted; all conditions must hold. */
export interface LogFilter {
  namespace?: string | undefined;
  processor?: string | undefined;
  partition?: string | undefined;
  outcome?: Outcome | undefined;
  run?: string | undefined;
  /** This one and those more severe. */
  severity?: Severity | undefined;
  /** Anywhere in the message or the fields, in any case. */
  text?: string | undefined;
  /** A field, or one within another (`error.code`), that is exactly this when written as text. */
  field?: { name: string; value: string } | undefined;
  /** ISO 8601, included. */
  since?: string | undefined;
  /** ISO 8601, not included. */
  until?: string | undefined;
}

export interface LogSearch extends LogFilter {
  limit: number;
  /** Of an earlier page: gives the lines before it. */
  cursor?: string | undefined;
}

/** A line as it is found. `outcome` is null while its run is in progress. */
export interface FoundLine extends LineOfRun {
  namespace: string;
  processor: string;
  partition: string;
  attempt: number;
  outcome: Outcome | null;
}

export interface LogPage {
  /** The newest last. */
  lines: FoundLine[];
  /** Leads to the lines before these; null when there are none. */
  cursor: string | null;
}

/** Stores lines of any number of runs; one that is there already is left as it is. */
export async function insertLogLines(executor: Executor, lines: readonly LineOfRun[]): Promise<void> {
  for (let start = 0; start < lines.length; start += ROWS_PER_STATEMENT) {
    const rows = lines
      .slice(start, start + ROWS_PER_STATEMENT)
      .map(({ run, seq, at, severity, message, fields }) => ({
        run_id: run,
        seq,
        at,
        severity,
        message,
        fields,
      }));
    await sql.insertLogLines(executor, { lines: rows });
  }
}

/** Deletes ranges of lines. */
export async function deleteMiddleLines(executor: Executor, ranges: readonly LineRange[]): Promise<void> {
  if (ranges.length === 0) return;
  await sql.deleteMiddleLines(executor, {
    run_id: ranges.map((range) => range.run),
    first_seq: ranges.map((range) => range.firstSeq),
    last_seq: ranges.map((range) => range.lastSeq),
  });
}

/** The newest lines that fit, of runs that ended and of runs in progress. Throws CURSOR_INVALID. */
export async function searchLogs(executor: Executor, search: LogSearch): Promise<LogPage> {
  return searchUnseen(executor, search, new Map());
}

/** Like {@link searchLogs}, without the lines up to the given number of each run. */
export async function searchUnseen(
  executor: Executor,
  search: LogSearch,
  seen: ReadonlyMap<string, number>,
): Promise<LogPage> {
  const before = search.cursor === undefined ? undefined : readCursor(search.cursor);
  const rows = await sql.searchLogs(executor, {
    namespace: search.namespace,
    processor: search.processor,
    partition: search.partition,
    outcome: search.outcome,
    run_id: search.run,
    severities: search.severity === undefined ? null : SEVERITIES.slice(SEVERITIES.indexOf(search.severity)),
    text: search.text === undefined ? null : `%${search.text.replace(/[\\%_]/g, "\\$&")}%`,
    field: search.field?.name,
    field_value: search.field?.value,
    since: search.since,
    until: search.until,
    before_at: before?.at,
    before_run: before?.run,
    before_seq: before?.seq,
    seen_run: [...seen.keys()],
    seen_seq: [...seen.values()],
    limit: search.limit + 1,
  });
  const lines = rows.slice(0, search.limit).map(({ run_id: run, ...line }) => ({ run, ...line }));
  const oldest = lines.at(-1);
  const cursor = rows.length > search.limit && oldest !== undefined ? writeCursor(oldest) : null;
  return { lines: lines.reverse(), cursor };
}

function writeCursor(line: LineOfRun): string {
  return `${line.at}_${line.run}_${line.seq}`;
}

function readCursor(cursor: string): { at: string; run: string; seq: number } {
  const match = /^([\d-]{10}T[\d:.]{8,12}Z)_([0-9a-f-]{36})_(\d{1,9})$/.exec(cursor);
  const [, at = "", run = "", seq = ""] = match ?? [];
  if (match !== null && isInstant(at)) return { at, run, seq: Number(seq) };
  throw new HeadworksError({
    code: "CURSOR_INVALID",
    message: `not a cursor of the logs: ${cursor}`,
    hint: "give the cursor of an earlier page as it was, or leave it out to begin with the newest lines",
  });
}

/** Date.parse takes the 31st of February for a day of March; PostgreSQL refuses it. */
function isInstant(text: string): boolean {
  const epochMs = Date.parse(text);
  return !Number.isNaN(epochMs) && new Date(epochMs).toISOString().slice(0, 10) === text.slice(0, 10);
}
