// Tests of the journal: what of a run's lines and documents is in the database, and when it isn't.

import { randomUUID } from "node:crypto";
import { Writable } from "node:stream";
import { expect, test, vi } from "vitest";
import type { Database } from "../store/database.ts";
import { FIRST_LINES_KEPT, LAST_LINES_KEPT } from "../telemetry/kept-lines.ts";
import { openLog } from "../telemetry/log.ts";
import { createRedactor } from "../telemetry/redact.ts";
import { createTestDatabase } from "../testing/database.ts";
import { openJournal } from "./journal.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const redact = createRedactor(["topsecret"]);

function openTestJournal(database: Database, maxWaitingBytes?: number) {
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

async function storedLines(database: Database, run: string) {
  const result = await database.query(
    "select seq, at, severity, message, fields from headworks.run_logs where run_id = $1 order by seq",
    [run],
  );
  return result.rows;
}

const aDocument = {
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

test("a line is in the database and on the log, the same and with its trace", async () => {
  await using db = await createTestDatabase();
  const { startRun, events } = openTestJournal(db.database);
  const { run, log, flush } = startRun();

  log.warn("3 of 9", { missing: 6 });
  await flush();

  const [event] = events();
  expect(event).toMatchObject({ severity: "WARNING", message: "3 of 9", missing: 6, trace: TRACE });
  expect(event).toHaveProperty(["logging.googleapis.com/labels", "run"], run);
  expect(await storedLines(db.database, run)).toEqual([
    { seq: 1, at: event?.time, severity: "WARNING", message: "3 of 9", fields: { missing: 6 } },
  ]);
});

test("lines that the level keeps off the log are kept with the run", async () => {
  await using db = await createTestDatabase();
  const { startRun, events } = openTestJournal(db.database);
  const { run, log, flush } = startRun();

  log.debug("in detail");
  await flush();

  expect(events()).toEqual([]);
  expect(await storedLines(db.database, run)).toMatchObject([{ severity: "DEBUG", fields: null }]);
});

test("lines are stored without anybody asking for it", async () => {
  await using db = await createTestDatabase();
  const { startRun } = openTestJournal(db.database);
  const { run, log } = startRun();

  log.info("on its own");

  await vi.waitFor(async () => expect(await storedLines(db.database, run)).toHaveLength(1), {
    timeout: 10_000,
  });
});

test("what can't be stored as it is, is stored as well as can be, without secrets", async () => {
  await using db = await createTestDatabase();
  const { startRun, events } = openTestJournal(db.database);
  const { run, log, flush, keepDocument } = startRun();
  const circle: Record<string, unknown> = { key: "topsecret", large: 1n };
  circle.self = circle;

  log.error("NUL \0 half \ud800 topsecret", { circle, text: "\0\udc00" });
  log.info("x".repeat(100_000), { long: "y".repeat(100_000) });
  keepDocument(aDocument);
  await flush();

  const [hostile, long] = await storedLines(db.database, run);
  expect(hostile).toMatchObject({
    message: "NUL ␀ half \ufffd [redacted]",
    fields: { circle: { key: "[redacted]", large: "1", self: "[circular]" }, text: "␀\ufffd" },
  });
  expect(long?.message).toHaveLength(8 * 1024);
  expect(JSON.stringify(long?.fields).length).toBeLessThan(17 * 1024);
  const documents = await db.database.query(
    "select url, headers from headworks.raw_documents where run_id = $1",
    [run],
  );
  expect(documents.rows).toEqual([
    { url: "https://stats.example/games?key=[redacted]", headers: { "set-cookie": "[redacted]␀" } },
  ]);
  expect(JSON.stringify(events())).not.toContain("topsecret");
});

test("of a run that logs too much, beginning and end are kept and the rest is counted", async () => {
  await using db = await createTestDatabase();
  const { startRun } = openTestJournal(db.database);
  const { run, log, flush, linesDropped } = startRun();

  for (let index = 1; index <= 2_500; index += 1) {
    log.debug(`line ${index}`);
    if (index % 700 === 0) await flush();
  }
  await flush();

  const seqs = (await storedLines(db.database, run)).map(({ seq }) => seq);
  expect(seqs).toHaveLength(FIRST_LINES_KEPT + LAST_LINES_KEPT);
  expect([seqs[0], seqs[FIRST_LINES_KEPT - 1], seqs[FIRST_LINES_KEPT], seqs.at(-1)]).toEqual([
    1, 200, 1_701, 2_500,
  ]);
  expect(linesDropped()).toBe(1_500);
});

test("runs that end together share a statement, and what is stored once isn't written again", async () => {
  await using db = await createTestDatabase();
  const query = vi.spyOn(db.database, "query");
  const { startRun } = openTestJournal(db.database);
  const runs = Array.from({ length: 50 }, startRun);

  for (const { log, keepDocument } of runs) {
    log.info("one");
    keepDocument(aDocument);
  }
  await Promise.all(runs.map(({ flush }) => flush()));
  await Promise.all(runs.map(({ flush }) => flush()));

  const names = query.mock.calls.map(([config]) => (config as unknown as { name: string }).name);
  expect(names).toEqual(["insertLogLines", "insertDocuments"]);
  const stored = await db.database.query(
    "select (select count(*) from headworks.run_logs) as lines, (select count(*) from headworks.raw_documents) as documents",
  );
  expect(stored.rows).toEqual([{ lines: 50, documents: 50 }]);
  expect(runs.map((each) => each.documents())).toEqual(runs.map(() => 1));
});

test("what is logged while a write is under way is there after the next flush", async () => {
  await using db = await createTestDatabase();
  const { startRun } = openTestJournal(db.database);
  const { run, log, flush } = startRun();

  log.info("one");
  const first = flush();
  await Promise.resolve();
  log.info("two");
  await Promise.all([first, flush()]);

  expect((await storedLines(db.database, run)).map(({ message }) => message)).toEqual(["one", "two"]);
});

test("while the database takes nothing, lines wait, and it is told once", async () => {
  await using db = await createTestDatabase();
  const { startRun, messages } = openTestJournal(db.database);
  const { run, log, flush, linesDropped } = startRun();

  await db.database.query("alter table headworks.run_logs rename to gone");
  log.info("one");
  await flush();
  log.info("two");
  await flush();
  await db.database.query("alter table headworks.gone rename to run_logs");
  await flush();

  expect((await storedLines(db.database, run)).map(({ message }) => message)).toEqual(["one", "two"]);
  expect(linesDropped()).toBe(0);
  expect(messages()).toEqual([
    "one",
    "the logs of runs can't be stored; they are kept in memory and tried again",
    "two",
    "the logs of runs are stored again",
  ]);
});

test("what waits is bounded: the oldest is given up, counted and reported", async () => {
  await using db = await createTestDatabase();
  const { startRun, events } = openTestJournal(db.database, 10_000);
  const [older, newer] = [startRun(), startRun()];

  await db.database.query("alter table headworks.run_logs rename to gone");
  older.log.info("x".repeat(8_000));
  newer.log.info("y".repeat(8_000));
  await newer.flush();
  await db.database.query("alter table headworks.gone rename to run_logs");
  await Promise.all([older.flush(), newer.flush()]);

  expect([older.linesDropped(), newer.linesDropped()]).toEqual([1, 0]);
  expect([
    await storedLines(db.database, older.run),
    await storedLines(db.database, newer.run),
  ]).toMatchObject([[], [{ seq: 1 }]]);
  expect(events()).toContainEqual(
    expect.objectContaining({ severity: "ERROR", run: older.run, lines: 1, documents: 0 }),
  );
});

test("a run whose documents are refused keeps nobody else's out", async () => {
  await using db = await createTestDatabase();
  const { startRun, messages } = openTestJournal(db.database);
  const [poisoned, healthy] = [startRun(), startRun()];

  poisoned.keepDocument({ ...aDocument, fetchedAt: "yesterday evening" });
  for (const { log, keepDocument } of [poisoned, healthy]) {
    log.info("line");
    keepDocument(aDocument);
  }
  await Promise.all([poisoned.flush(), healthy.flush()]);

  const stored = await db.database.query("select run_id from headworks.raw_documents");
  expect(stored.rows).toEqual([{ run_id: healthy.run }]);
  expect(await storedLines(db.database, poisoned.run)).toHaveLength(1);
  expect(messages()).toContain("the logs of runs can't be stored; they are kept in memory and tried again");
});

test("closing stores what is left", async () => {
  await using db = await createTestDatabase();
  const { journal, startRun } = openTestJournal(db.database);
  const { run, log } = startRun();

  log.info("last words");
  await journal.close();

  expect(await storedLines(db.database, run)).toHaveLength(1);
});
