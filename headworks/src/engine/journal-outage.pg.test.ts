// Tests of the journal when the database goes away: over a proxy that cuts and refuses connections.

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, connect as openSocket, type Socket } from "node:net";
import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { openDatabase } from "../store/database.ts";
import { openLog } from "../telemetry/log.ts";
import { createTestDatabase } from "../testing/database.ts";
import { openJournal } from "./journal.ts";

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
  const written: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      written.push(chunk);
      done();
    },
  });
  const journal = openJournal({ database, log: openLog({ format: "json", stream }), redact: (text) => text });
  const runs = [randomUUID(), randomUUID()].map((run) =>
    journal.forRun({ run, labels: { run }, traceparent: "" }),
  );
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
  const warnings = written.filter((line) => line.includes('"severity":"WARNING"'));
  expect(warnings).toHaveLength(1);
});
