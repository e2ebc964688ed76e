// Reads what the store knows of the tasks of a chaos run, for the checker and for the look at windows.

import type { Database } from "../../store/database.ts";
import type { LedgerEvidence, RowEvidence, RunEvidence } from "./checker.ts";

/** The ledger, the history, and the rows of every dataset. */
export async function readHistory(
  database: Database,
): Promise<{ ledger: LedgerEvidence[]; runs: RunEvidence[]; rows: RowEvidence[] }> {
  const ledger = await database.query<LedgerEvidence>(
    `select o.processor || '[' || o.partition || ']' as output, o.status, t.state as task, o.run_id as run
     from headworks.outputs o left join headworks.tasks t on t.output_id = o.id
     where o.processor <> 'finder'`,
  );
  const runs = await database.query<RunEvidence>(
    `select id, processor || '[' || partition || ']' as output, attempt, outcome, reason
     from headworks.runs where processor <> 'finder' order by id`,
  );
  const rows: RowEvidence[] = [];
  const datasets = await database.query<{ name: string }>(
    "select name from headworks.datasets order by name",
  );
  for (const { name } of datasets.rows) {
    const found = await database.query<RowEvidence>(
      `select _processor || '[' || key || ']' as output, _run as run from prod.${name}`,
    );
    rows.push(...found.rows);
  }
  return { ledger: ledger.rows, runs: runs.rows, rows };
}

/** When the runs of a processor were claimed, by the database's clock, in epoch microseconds; `suffix` ends their partition. */
export async function readClaims(database: Database, processor: string, suffix = ""): Promise<number[]> {
  const result = await database.query<{ us: string }>(
    `select (extract(epoch from claimed_at) * 1000000)::bigint::text as us
     from headworks.runs where processor = $1 and right(partition, length($2)) = $2`,
    [processor, suffix],
  );
  return result.rows.map((row) => Number(row.us));
}

/** Tasks that are still to run, or running. */
export async function countOpen(database: Database): Promise<number> {
  const result = await database.query<{ open: number }>(
    "select count(*) as open from headworks.tasks where state <> 'failed'",
  );
  return Number(result.rows[0]?.open);
}
