// Tests of responses: decoded, bounded, archived by content and recorded.

import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { openTestClients, sourceAt, startServer, testRun } from "./source.fixture.ts";

const Games = z.object({ games: z.array(z.object({ id: z.string(), points: z.number() })) });
const GAMES = { games: [{ id: "0022500001", points: 101 }] };

describe("a response", () => {
  test("is recorded with the hash of its body, which is in the archive", async () => {
    await using server = await startServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json", etag: '"7"', "set-cookie": "session=1" });
      response.end(JSON.stringify(GAMES));
    });
    await using clients = await openTestClients();
    const run = testRun();

    await clients.open(sourceAt(server.url), run).json("/games?b=2&a=1", Games);

    const [document] = run.documents;
    expect(document).toMatchObject({
      source: "test",
      method: "GET",
      url: `${server.url}/games?b=2&a=1`,
      status: 200,
      bytes: JSON.stringify(GAMES).length,
    });
    expect(document?.headers).toMatchObject({ "content-type": "application/json", etag: '"7"' });
    expect(document?.headers).not.toHaveProperty("set-cookie");
    expect(document?.durationMs).toBeGreaterThanOrEqual(0);
    expect(new Date(document?.fetchedAt ?? "").toISOString()).toBe(document?.fetchedAt);
    expect(Buffer.from((await clients.archive.get(document?.hash ?? "")) ?? []).toString()).toBe(
      JSON.stringify(GAMES),
    );
  });

  test("has the same request hash whatever the order of the query, another one for another body or method", async () => {
    await using server = await startServer((_, response) => response.end("{}"));
    await using clients = await openTestClients();
    const run = testRun();
    const client = clients.open(sourceAt(server.url), run);

    await client.text("/games?b=2&a=1");
    await client.text("/games", { query: { a: 1, b: 2 } });
    await client.text("/games?a=1&b=2", { method: "PUT" });
    await client.text("/games?a=1&b=2", { method: "PUT", json: {} });

    const hashes = run.documents.map((document) => document.requestHash);
    expect(hashes[0]).toBe(hashes[1]);
    expect(new Set(hashes).size).toBe(3);
  });

  test.each([
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
    ["deflate", deflateSync],
    ["deflate", deflateRawSync],
    ["zstd", zstdCompressSync],
  ])("that is encoded with %s is decoded", async (encoding, encode) => {
    await using server = await startServer((_, response) =>
      response.writeHead(200, { "content-encoding": encoding }).end(encode(JSON.stringify(GAMES))),
    );
    await using clients = await openTestClients();
    const run = testRun();

    expect(await clients.open(sourceAt(server.url), run).json("/", Games)).toEqual(GAMES);
    expect(run.documents[0]?.bytes).toBe(JSON.stringify(GAMES).length);
  });

  test("is read in the charset that it names", async () => {
    await using server = await startServer((_, response) =>
      response
        .writeHead(200, { "content-type": "text/html; charset=iso-8859-1" })
        .end(Buffer.from([0x44, 0xe9])),
    );
    await using clients = await openTestClients();

    expect(await clients.open(sourceAt(server.url)).text("/")).toBe("Dé");
  });

  test("to HEAD has its headers and no body", async () => {
    await using server = await startServer((_, response) =>
      response.writeHead(200, { "content-length": "9", etag: "x" }).end(),
    );
    await using clients = await openTestClients();

    const response = await clients.open(sourceAt(server.url)).request("/", { method: "HEAD" });

    expect(response).toMatchObject({ status: 200, headers: { etag: "x", "content-length": "9" } });
    expect(response.body).toHaveLength(0);
  });

  test("larger than maxResponseBytes is not read", async () => {
    await using server = await startServer((request, response) => {
      if (request.url === "/declared") return response.end("x".repeat(2_000));
      // Chunked, and it never ends by itself.
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(1_000)));
        if (!response.destroyed) response.once("drain", more);
      };
      more();
    });
    await using clients = await openTestClients();
    const run = testRun();
    const client = clients.open(sourceAt(server.url, { maxResponseBytes: 1_500 }), run);

    for (const path of ["/declared", "/endless"]) {
      await expect(client.text(path)).rejects.toMatchObject({ code: "RESPONSE_TOO_LARGE" });
    }
    expect(run.documents).toEqual([]);
    expect(run.requestsSent).toBe(2);
  });

  test("that is small on the wire and huge when decoded is not read", async () => {
    await using server = await startServer((_, response) =>
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(10_000_000))),
    );
    await using clients = await openTestClients();
    const client = clients.open(sourceAt(server.url, { maxResponseBytes: 100_000 }));

    await expect(client.text("/")).rejects.toMatchObject({ code: "RESPONSE_TOO_LARGE" });
  });
});
