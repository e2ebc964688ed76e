// Validates the rows that a run writes, and turns them into the JSON texts that are merged.

import { hash } from "node:crypto";
import type { z } from "zod";
import type { Dataset } from "../../define/dataset.ts";
import { messageOf } from "../../domain/error.ts";
import { type Column, columnsOf, keyColumnsOf } from "./columns.ts";
import { rejectedRow, shortened } from "./rejected.ts";
import { canonicalJson, findFault, normalized } from "./values.ts";

/** A row that isn't merged: a copy of it that PostgreSQL can keep as JSON, and what is wrong with it. */
export interface RejectedRow {
  row: unknown;
  error: string;
}

export interface ValidatedRows {
  /** One JSON text for each good row: its columns in the order of the schema, without NULLs, and `_row_hash`. */
  accepted: string[];
  /** The key of each good row, as one text: rows of equal keys are one row. */
  keys: string[];
  rejected: RejectedRow[];
}

const ISSUES_TOLD = 5;
/** An entry of a B-tree holds at most 2,704 bytes; the rest is for lengths and padding. */
const KEY_BYTES = 2_000;

/** Characters of JSON after which a batch is handed on, so that any amount of rows is checked in bounded memory. */
const BATCH_CHARACTERS = 1_048_576;

/**
 * Checks every row against the dataset's schema, and against what PostgreSQL can hold; gives them in batches, at least one.
 * Throws only what columnsOf throws, and what reading the rows throws.
 */
export function* validateRows(dataset: Dataset, rows: Iterable<unknown>): Generator<ValidatedRows> {
  const columns = columnsOf(dataset);
  const keys = keyColumnsOf(dataset);
  let batch: ValidatedRows = { accepted: [], keys: [], rejected: [] };
  let characters = 0;
  for (const row of rows) {
    const checked = checkRow(dataset, columns, keys, row);
    if ("text" in checked) {
      batch.accepted.push(checked.text);
      batch.keys.push(checked.key);
      characters += checked.text.length;
    } else batch.rejected.push({ row: rejectedRow(row), error: shortened(checked.fault) });
    if (characters < BATCH_CHARACTERS) continue;
    yield batch;
    batch = { accepted: [], keys: [], rejected: [] };
    characters = 0;
  }
  yield batch;
}

function checkRow(
  dataset: Dataset,
  columns: readonly Column[],
  keys: readonly Column[],
  row: unknown,
): { text: string; key: string } | { fault: string } {
  try {
    const parsed = dataset.schema.safeParse(row);
    if (!parsed.success) return { fault: describeIssues(parsed.error.issues) };
    const parts = keys.map(({ name, type }) => String(normalized(type, parsed.data[name])));
    const long = parts.reduce((bytes, part) => bytes + Buffer.byteLength(part), 0);
    if (long > KEY_BYTES)
      return { fault: `key: ${long} bytes long, and at most ${KEY_BYTES} can be indexed` };
    const written = writeRow(columns, parsed.data);
    return "text" in written ? { ...written, key: parts.join("\0") } : written;
  } catch (error) {
    // A transform or refinement of the user's own stumbled over this row: as bad as not fitting.
    return { fault: `the schema fails on this row: ${messageOf(error)}` };
  }
}

/** NULLs are left out, so that a new nullable column doesn't change the hash of every row. */
function writeRow(
  columns: readonly Column[],
  row: Record<string, unknown>,
): { text: string } | { fault: string } {
  const fields: string[] = [];
  for (const column of columns) {
    const value = normalized(column.type, row[column.name]);
    if (value === undefined || value === null) {
      if (!column.nullable) return { fault: `${column.name}: missing` };
      continue;
    }
    const json = canonicalJson(value);
    const fault = findFault(column.type, value, json);
    if (fault !== undefined) return { fault: `${column.name}: ${fault}` };
    fields.push(`${JSON.stringify(column.name)}:${json}`);
  }
  const body = fields.join(",");
  const rowHash = hash("sha256", body, "hex").slice(0, 32);
  return { text: `{${body},"_row_hash":"${rowHash}"}` };
}

function describeIssues(issues: readonly z.core.$ZodIssue[]): string {
  const told = issues.slice(0, ISSUES_TOLD).map((issue) => `${pathOf(issue.path)}: ${issue.message}`);
  if (issues.length > ISSUES_TOLD) told.push(`and ${issues.length - ISSUES_TOLD} more`);
  return told.join("; ");
}

function pathOf(path: readonly PropertyKey[]): string {
  const steps = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`));
  return steps.join("").replace(/^\./, "") || "row";
}
