// The audit log, of what people did, and the events, of what the engine noticed of itself.

import type { Executor } from "../database.ts";
import { exec, queriesOf } from "../sql.ts";

const sql = queriesOf("history/records", "insertAuditRow", "insertEvent");

/** What a person did: the name of the operation (`queues.pause`), and to what (`stats`). */
export interface AuditRow {
  actor: string;
  action: string;
  subject: string;
  details?: object;
}

export interface EngineEvent {
  /** A stable code, such as `duty.failed`. */
  kind: string;
  subject: string;
  message: string;
  details?: object;
}

/** Keeps what a person did, in the transaction that does it. */
export async function recordAudit(executor: Executor, row: AuditRow): Promise<void> {
  await exec(executor, sql.insertAuditRow, [row.actor, row.action, row.subject, row.details ?? {}]);
}

export async function recordEvent(executor: Executor, event: EngineEvent): Promise<void> {
  await exec(executor, sql.insertEvent, [event.kind, event.subject, event.message, event.details ?? {}]);
}
