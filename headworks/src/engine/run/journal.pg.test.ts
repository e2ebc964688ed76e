// Tests of the journal: what of a run's lines and documents is in the database.

import { expect, test, vi } from "vitest";
import { FIRST_LINES_KEPT, LAST_LINES_KEPT } from "../../telemetry/kept-lines.ts";
import { createTestDatabase } from "../../testing/database.ts";
import { aDocument, openTestJournal, storedLines, TRACE } from "./journal.fixture.ts";

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

test("closing stores what is left", async () => {
  await using db = await createTestDatabase();
  const { journal, startRun } = openTestJournal(db.database);
  const { run, log } = startRun();

  log.info("last words");
  await journal.close();

  expect(await storedLines(db.database, run)).toHaveLength(1);
});
