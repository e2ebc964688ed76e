// Tests of what ctx.http gives: requests over real HTTP, checked, archived and recorded.

import type { ServerResponse } from "node:http";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { basic, bearer, headerKey, secret } from "../../define/source.ts";
import { inTurn, openTestClients, sourceAt, startServer, testRun } from "./source.fixture.ts";

const Games = z.object({ games: z.array(z.object({ id: z.string(), points: z.number() })) });
const GAMES = { games: [{ id: "0022500001", points: 101 }] };

describe("a request", () => {
  test("goes below the base URL, with its query", async () => {
    await using server = await startServer((request, response) => response.end(request.url));
    await using clients = await openTestClients();
    const client = clients.open(sourceAt(`${server.url}/api/v2/`));

    const options = { query: { season: "2025-26", page: 2, all: true, none: undefined } };
    expect(await client.text("/games?day=2026-01-14", options)).toBe(
      "/api/v2/games?day=2026-01-14&season=2025-26&page=2&all=true",
    );
  });

  test("may follow a link within the source's own origin", async () => {
    await using server = await startServer((request, response) => response.end(request.url));
    await using clients = await openTestClients();

    expect(await clients.open(sourceAt(`${server.url}/api`)).text(`${server.url}/pages/2`)).toBe("/pages/2");
  });

  test("is refused when it would go to another origin, where it would be signed for a stranger", async () => {
    await using clients = await openTestClients();
    const client = clients.open(sourceAt("http://127.0.0.1:1"));

    await expect(client.text("https://elsewhere.example/x")).rejects.toMatchObject({
      code: "REQUEST_INVALID",
    });
  });

  test("carries the run's traceparent, the version of Headworks and the source's headers", async () => {
    await using server = await startServer((request, response) =>
      response.end(JSON.stringify(request.headers)),
    );
    await using clients = await openTestClients();
    const run = testRun();
    const client = clients.open(sourceAt(server.url, { headers: { "X-Team": "stats" } }), run);

    const sent = await client.json("/", z.record(z.string(), z.string()), { headers: { "X-Page": "1" } });

    expect(sent).toMatchObject({ traceparent: run.traceparent, "x-team": "stats", "x-page": "1" });
    expect(sent["user-agent"]).toMatch(/^headworks\/\d+\.\d+\.\d+$/);
    expect(sent.accept).toBe("application/json");
  });

  test("sends JSON", async () => {
    await using server = await startServer((request, response) => request.pipe(response));
    await using clients = await openTestClients();
    const client = clients.open(sourceAt(server.url));

    expect(await client.json("/", Games, { method: "POST", json: GAMES })).toEqual(GAMES);
    expect(server.requests[0]?.headers["content-type"]).toBe("application/json");
  });

  test("reuses its connection", async () => {
    await using server = await startServer((_, response) => response.end("ok"));
    await using clients = await openTestClients();
    const source = sourceAt(server.url);

    for (let index = 0; index < 5; index++) await clients.open(source).text(`/${index}`);

    expect(server.requests).toHaveLength(5);
    expect(server.connections()).toBe(1);
  });

  test("is one of at most maxConnections at a time", async () => {
    let held: ServerResponse[] = [];
    let most = 0;
    await using server = await startServer((_, response) => {
      held.push(response);
      most = Math.max(most, held.length);
      if (held.length === 3) setImmediate(answerAll);
    });
    const answerAll = () => {
      for (const response of held) response.end("ok");
      held = [];
    };
    await using clients = await openTestClients();
    const client = clients.open(sourceAt(server.url, { maxConnections: 3 }));

    await Promise.all(Array.from({ length: 30 }, (_, index) => client.text(`/${index}`)));

    expect(server.requests).toHaveLength(30);
    expect(most).toBe(3);
    expect(server.connections()).toBe(3);
  });
});

describe("authentication", () => {
  const environment = { STATS_KEY: "s3cret/key" };

  test.each([
    [bearer(secret("STATS_KEY")), "authorization", "Bearer s3cret/key"],
    [headerKey("X-Api-Key", secret("STATS_KEY")), "x-api-key", "s3cret/key"],
    [basic("team", secret("STATS_KEY")), "authorization", `Basic ${btoa("team:s3cret/key")}`],
  ])("of kind %j is sent as a header", async (auth, header, value) => {
    await using server = await startServer((request, response) => response.end(request.headers[header]));
    await using clients = await openTestClients({ environment });

    expect(await clients.open(sourceAt(server.url, { auth })).text("/")).toBe(value);
  });

  test("fails by the secret's name when it is not set", async () => {
    await using clients = await openTestClients();
    const source = sourceAt("http://127.0.0.1:1", { auth: bearer(secret("STATS_KEY")) });

    expect(() => clients.open(source)).toThrow(
      expect.objectContaining({ code: "SECRET_UNSET", message: expect.stringContaining("STATS_KEY") }),
    );
  });

  test("never shows the secret, not even when the source repeats it in a body, a header or a redirect", async () => {
    await using server = await startServer(
      inTurn(
        (request, response) =>
          response
            .writeHead(302, { location: `/login?key=${encodeURIComponent("s3cret/key")}`, via: request.url })
            .end(),
        (request, response) =>
          response.writeHead(403, { link: "<s3cret/key>" }).end(`bad key: ${request.headers.authorization}`),
      ),
    );
    await using clients = await openTestClients({ environment });
    const run = testRun();
    const client = clients.open(sourceAt(server.url, { auth: bearer(secret("STATS_KEY")) }), run);

    const error = await client.text("/").catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({
      code: "SOURCE_STATUS",
      message: expect.stringContaining("bad key: Bearer [redacted]"),
    });
    expect(run.documents[0]?.url).toBe(`${server.url}/login?key=[redacted]`);
    expect(JSON.stringify([error, run.documents])).not.toMatch(/s3cret/);
  });
});

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

describe("JSON", () => {
  test("that doesn't fit its schema is told by path, with the archived body's hash", async () => {
    const body = JSON.stringify({ games: [{ id: 1, points: "many" }, ...GAMES.games] });
    await using server = await startServer((_, response) => response.end(body));
    await using clients = await openTestClients();
    const run = testRun();

    const error = await clients
      .open(sourceAt(server.url), run)
      .json("/games", Games)
      .catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({
      code: "RESPONSE_INVALID",
      message: expect.stringMatching(/games\[0\]\.id: .*string.*; games\[0\]\.points: .*number/),
    });
    expect(String(error)).toContain(run.documents[0]?.hash);
    expect(run.documents[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test("issues are told up to five, and the rest counted", async () => {
    const body = JSON.stringify({ games: Array(9).fill({ id: "1" }) });
    await using server = await startServer((_, response) => response.end(body));
    await using clients = await openTestClients();

    await expect(clients.open(sourceAt(server.url)).json("/", Games)).rejects.toThrow(
      /games\[4\]\.points.*; and 4 more/,
    );
  });

  test("that is none is told with its beginning", async () => {
    await using server = await startServer((_, response) =>
      response.end(`<html>\n  maintenance ${"…".repeat(1_000)}`),
    );
    await using clients = await openTestClients();

    const error = await clients
      .open(sourceAt(server.url))
      .json("/", Games)
      .catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({
      code: "RESPONSE_NOT_JSON",
      message: expect.stringContaining("<html> maintenance"),
    });
    expect(String(error).length).toBeLessThan(600);
  });

  test("is transformed by its schema", async () => {
    await using server = await startServer((_, response) => response.end("[1,2,3]"));
    await using clients = await openTestClients();
    const Total = z.array(z.number()).transform((numbers) => numbers.reduce((sum, each) => sum + each));

    expect(await clients.open(sourceAt(server.url)).json("/", Total)).toBe(6);
  });

  test("that may be missing is undefined on 404 and 410, and recorded", async () => {
    await using server = await startServer((request, response) =>
      response.writeHead(request.url === "/a" ? 404 : request.url === "/b" ? 410 : 400).end(),
    );
    await using clients = await openTestClients();
    const run = testRun();
    const client = clients.open(sourceAt(server.url), run);

    expect(await client.findJson("/a", Games)).toBeUndefined();
    expect(await client.findJson("/b", Games)).toBeUndefined();
    await expect(client.findJson("/c", Games)).rejects.toMatchObject({ code: "SOURCE_STATUS", status: 400 });
    await expect(client.json("/a", Games)).rejects.toMatchObject({ code: "SOURCE_STATUS", status: 404 });
    expect(run.documents.map((document) => document.status)).toEqual([404, 410, 400, 404]);
  });
});
