// Who acts on what, and the audit row that an action leaves in the transaction that does it.

import { type Connection, type Database, transaction } from "../store/database.ts";
import { recordAudit } from "../store/history/records.ts";

/** Every action takes one, and a parsed input of the contract. */
export interface Operator {
  database: Database;
  namespace: string;
  /** A person, an API key, a schedule or the system. */
  actor: string;
}

/** What the audit row says: the operation's name, the one thing it was done to, and what else is worth keeping. */
export interface AuditEntry {
  action: string;
  subject: string;
  details?: object;
}

/**
 * Does something and keeps who did it, together or not at all. `note` adds details that only what was done tells.
 * An action that commits in batches calls this once for each.
 */
export async function audited<T>(
  { database, actor }: Operator,
  entry: AuditEntry,
  apply: (connection: Connection, note: (details: object) => void) => Promise<T>,
): Promise<T> {
  return transaction(database, async (connection) => {
    let details = entry.details ?? {};
    const result = await apply(connection, (more) => {
      details = { ...details, ...more };
    });
    await recordAudit(connection, { actor, ...entry, details });
    return result;
  });
}
