// A journal whose log is kept in memory, for tests, and what it stored.

import { randomUUID } from "node:crypto";
import { Writable } from "node:stream";
import type { Database } from "../../store/database.ts";
import { openLog } from "../../telemetry/log.ts";
import { createRedactor } from "../../telemetry/redact.ts";
import { openJournal } from "./journal.ts";

export const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const redact = createRedactor(["topsecret"]);

/** A journal that logs into memory; each run that it starts is labeled with its id. */
export function openTestJournal(database: Database, maxWaitingBytes?: number) {
  const written: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      written.push(chunk);
      done();
    },
  });
  const log = openLog({ format: "json", stream, redact });
  const journal = openJournal({
    database,
    log,
    redact,
    ...(maxWaitingBytes !== undefined && { maxWaitingBytes }),
  });
  const startRun = () => {
    const run = randomUUID();
    return {
      run,
      ...journal.forRun({ run, labels: { run }, traceparent: `00-${TRACE}-00f067aa0ba902b7-01` }),
    };
  };
  const events = () => written.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { journal, startRun, events, messages: () => events().map(({ message }) => message) };
}

/** The lines of a run, as the database has them. */
export async function storedLines(database: Database, run: string) {
  const result = await database.query(
    "select seq, at, severity, message, fields from headworks.run_logs where run_id = $1 order by seq",
    [run],
  );
  return result.rows;
}

/** With a secret in it, and a NUL. */
export const aDocument = {
  source: "stats",
  method: "GET",
  url: "https://stats.example/games?key=topsecret",
  requestHash: "a".repeat(64),
  status: 200,
  headers: { "set-cookie": "topsecret\0" },
  hash: "b".repeat(64),
  bytes: 3,
  durationMs: 5,
  fetchedAt: "2026-01-14T00:00:00.000Z",
};
