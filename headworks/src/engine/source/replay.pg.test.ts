// Tests of repeating requests from the archive: the same answers, and no network.

import { expect, test } from "vitest";
import { z } from "zod";
import type { Database } from "../../store/database.ts";
import type { RawDocument } from "../../store/history/documents.ts";
import { createTestDatabase } from "../../testing/database.ts";
import { inTurn, openTestClients, sourceAt, startServer, testRun } from "./source.fixture.ts";

const Games = z.array(z.string());

test("a repeat gets what the source answered last, with the source gone, and leaves no record", async () => {
  await using db = await createTestDatabase();
  await using clients = await openTestClients(db);
  const server = await startServer(
    inTurn(
      (_, response) => response.end('["old"]'),
      (_, response) =>
        response.writeHead(200, { "content-type": "application/json", etag: "2" }).end('["new"]'),
      (_, response) => response.writeHead(500).end("broken"),
    ),
  );
  const source = sourceAt(server.url, { maxRetries: 0, maxRequestsPerSecond: 1_000 });
  const live = testRun();
  await clients.open(source, live).json("/games?b=2&a=1", Games);
  await clients.open(source, live).json("/games?b=2&a=1", Games);
  await expect(clients.open(source, live).json("/games?b=2&a=1", Games)).rejects.toMatchObject({
    status: 500,
  });
  await save(db.database, live.documents);
  await server[Symbol.asyncDispose]();

  const repeat = testRun({ fromArchive: true });
  const client = clients.open(source, repeat);

  expect(await client.json("/games", Games, { query: { a: 1, b: 2 } })).toEqual(["new"]);
  expect(await client.request("/games?a=1&b=2")).toMatchObject({
    status: 200,
    url: `${server.url}/games?b=2&a=1`,
    headers: { etag: "2", "content-type": "application/json" },
  });
  expect(repeat).toMatchObject({ requestsSent: 0, documents: [] });
});

test("a repeat of findJson finds that there was nothing; json still takes the last that was there", async () => {
  await using db = await createTestDatabase();
  await using clients = await openTestClients(db);
  await using server = await startServer(
    inTurn(
      (_, response) => response.end('["was here"]'),
      (_, response) => response.writeHead(404).end(),
    ),
  );
  const source = sourceAt(server.url);
  const live = testRun();
  await clients.open(source, live).findJson("/games/7", Games);
  await clients.open(source, live).findJson("/games/7", Games);
  await save(db.database, live.documents);

  const client = clients.open(source, testRun({ fromArchive: true }));

  expect(await client.findJson("/games/7", Games)).toBeUndefined();
  expect(await client.json("/games/7", Games)).toEqual(["was here"]);
  expect(server.requests).toHaveLength(2);
});

test("a request that was never answered can't be repeated", async () => {
  await using db = await createTestDatabase();
  await using clients = await openTestClients(db);
  const client = clients.open(sourceAt("http://127.0.0.1:1"), testRun({ fromArchive: true }));

  await expect(client.text("/games")).rejects.toMatchObject({
    code: "ARCHIVE_MISS",
    message: expect.stringContaining("GET http://127.0.0.1:1/games"),
    hint: expect.stringContaining("--from-archive"),
  });
});

test("a body that has left the archive can't be repeated", async () => {
  await using db = await createTestDatabase();
  await using server = await startServer((_, response) => response.end("[]"));
  await using clients = await openTestClients(db);
  await using elsewhere = await openTestClients(db);
  const live = testRun();
  await clients.open(sourceAt(server.url), live).text("/games");
  await save(db.database, live.documents);

  const client = elsewhere.open(sourceAt(server.url), testRun({ fromArchive: true }));

  await expect(client.text("/games")).rejects.toMatchObject({
    code: "ARCHIVE_MISS",
    message: expect.stringContaining(live.documents[0]?.hash ?? "no document"),
  });
});

/** As the run's journal does. */
async function save(database: Database, documents: readonly RawDocument[]): Promise<void> {
  for (const document of documents) {
    await database.query(
      `insert into headworks.raw_documents
         (source, method, url, request_hash, status, headers, hash, bytes, duration_ms, fetched_at, run_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, gen_random_uuid())`,
      [
        document.source,
        document.method,
        document.url,
        document.requestHash,
        document.status,
        document.headers,
        document.hash,
        document.bytes,
        document.durationMs,
        document.fetchedAt,
      ],
    );
  }
}
