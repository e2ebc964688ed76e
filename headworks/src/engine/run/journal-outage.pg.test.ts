// Tests of the journal when the database takes nothing: it refuses the rows, or a proxy cuts the connections.

import { once } from "node:events";
import { type AddressInfo, createServer, connect as openSocket, type Socket } from "node:net";
import { expect, test } from "vitest";
import { openDatabase } from "../../store/database.ts";
import { createTestDatabase } from "../../testing/database.ts";
import { aDocument, openTestJournal, storedLines } from "./journal.fixture.ts";

/** Passes connections on until it is told to cut them; then it refuses new ones. */
async function openProxy(url: string) {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let refuses = false;
  const server = createServer((client) => {
    if (refuses) return void client.destroy();
    const upstream = openSocket(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => client.destroy());
      socket.on("close", () => [client, upstream].map((each) => each.destroy()));
    }
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const target = new URL(url);
  target.hostname = "127.0.0.1";
  target.port = String((server.address() as AddressInfo).port);
  const cut = () => {
    refuses = true;
    for (const socket of sockets) socket.destroy();
  };
  const restore = () => {
    refuses = false;
  };
  const close = () => {
    cut();
    server.close();
  };
  return { url: target.href, cut, restore, [Symbol.dispose]: close };
}

test("an outage of the database costs no line, and ends no process", async () => {
  await using db = await createTestDatabase();
  using proxy = await openProxy(db.url);
  await using database = Object.assign(openDatabase({ url: proxy.url, role: "journal" }), {
    [Symbol.asyncDispose]: () => database.end(),
  });
  const { journal, startRun, events } = openTestJournal(database);
  const runs = [startRun(), startRun()];
  const flushAll = () => Promise.all(runs.map(({ flush }) => flush()));
  const logAll = (message: string) => runs.map(({ log }) => log.info(message));

  logAll("before");
  await flushAll();
  proxy.cut();
  logAll("meanwhile");
  await flushAll();
  proxy.restore();
  logAll("after");
  await journal.close();

  const stored = await db.database.query("select message from headworks.run_logs order by seq, run_id");
  expect(stored.rows.map(({ message }) => message)).toEqual(
    ["before", "meanwhile", "after"].flatMap((message) => [message, message]),
  );
  expect(runs.map(({ linesDropped }) => linesDropped())).toEqual([0, 0]);
  expect(events().filter(({ severity }) => severity === "WARNING")).toHaveLength(1);
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
