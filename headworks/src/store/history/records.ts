// The audit log, of what people did, and the events, of what the engine noticed of itself.

import type { Executor } from "../database.ts";
import * as sql from "./records.queries.ts";

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
  await sql.insertAuditRow(executor, {
    actor: row.actor,
    action: row.action,
    subject: row.subject,
    details: row.details ?? {},
  });
}

export async function recordEvent(executor: Executor, event: EngineEvent): Promise<void> {
  await sql.insertEvent(executor, {
    kind: event.kind,
    subject: event.subject,
    message: event.message,
    details: event.details ?? {},
  });
}
