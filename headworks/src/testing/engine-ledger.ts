// What tests look at in the ledger and the history, as plain rows.

import type { Database } from "../store/database.ts";

export interface LedgerRow {
  id: number;
  status: string;
  outcome: string | null;
  reason: string | null;
  vouched_by: string | null;
  records: number | null;
  task: string | null;
  attempt: number | null;
  attempts_used: number | null;
  alone: boolean | null;
}

/** An output with its task. Throws when the ledger has no such row. */
export async function readOutput(
  database: Database,
  processor: string,
  partition: string,
): Promise<LedgerRow> {
  const result = await database.query<LedgerRow>(
    `select o.id, o.status, o.outcome, o.reason, o.vouched_by, o.records,
       t.state as task, t.attempt, t.attempts_used, t.alone
     from headworks.outputs o left join headworks.tasks t on t.output_id = o.id
     where o.processor = $1 and o.partition = $2`,
    [processor, partition],
  );
  const [row] = result.rows;
  if (row === undefined) throw new Error(`the ledger has no ${processor}[${partition}]`);
  return row;
}

/** The status of every output, by `processor[partition]`; with the state of its task where it has one. */
export async function readLedger(database: Database): Promise<Record<string, string>> {
  const result = await database.query<{ name: string; status: string }>(
    `select o.processor || '[' || o.partition || ']' as name,
       o.status || coalesce(' / ' || t.state, '') as status
     from headworks.outputs o left join headworks.tasks t on t.output_id = o.id
     order by o.processor, o.partition`,
  );
  return Object.fromEntries(result.rows.map((row) => [row.name, row.status]));
}

export interface RunHistory {
  id: string;
  processor: string;
  partition: string;
  attempt: number;
  attempt_used: boolean;
  outcome: string;
  reason: string | null;
  records: number;
  rows_inserted: number;
  rows_updated: number;
  rows_unchanged: number;
  rows_removed: number;
  rows_rejected: number;
  note: string | null;
  error: { message: string } | null;
}

/** The runs that have ended, in the order in which they were claimed. */
export async function readRuns(database: Database, processor?: string): Promise<RunHistory[]> {
  const result = await database.query<RunHistory>(
    `select id, processor, partition, attempt, attempt_used, outcome, reason, records, rows_inserted, rows_updated,
       rows_unchanged, rows_removed, rows_rejected, note, error
     from headworks.runs where $1::text is null or processor = $1 order by claimed_at, id`,
    [processor ?? null],
  );
  return result.rows;
}

/** How each run of a processor ended: `outcome / reason`. */
export async function readOutcomes(database: Database, processor: string): Promise<string[]> {
  return (await readRuns(database, processor)).map(({ outcome, reason }) =>
    reason === null ? outcome : `${outcome} / ${reason}`,
  );
}

/** The number a query gives in its first column. */
export async function readNumber(
  database: Database,
  query: string,
  values: readonly unknown[] = [],
): Promise<number> {
  const result = await database.query({ text: query, values: [...values], rowMode: "array" });
  return Number((result.rows as unknown as unknown[][])[0]?.[0]);
}
