// Tests of trying again: what is tried again, how often, how long it waits, and what is told in the end.

import { describe, expect, test } from "vitest";
import { SourceError } from "../../domain/retry-later-error.ts";
import { findRetryAfterMs, type RetryPolicy, retryDelayMs } from "./retry.ts";
import { inTurn, openTestClients, sourceAt, startServer, testRun } from "./source.fixture.ts";

const fails =
  (status: number, headers: Record<string, string> = {}) =>
  (_: unknown, response: import("node:http").ServerResponse) =>
    void response.writeHead(status, headers).end(`failed with ${status}`);
const succeeds = (_: unknown, response: import("node:http").ServerResponse) => void response.end("ok");

describe("a request that failed", () => {
  test.each([408, 429, 500, 502, 503, 504])("with %i is tried again", async (status) => {
    await using server = await startServer(inTurn(fails(status), fails(status), succeeds));
    await using clients = await openTestClients();
    const run = testRun();

    expect(await clients.open(sourceAt(server.url), run).text("/")).toBe("ok");
    expect(run.requestsSent).toBe(3);
    expect(run.documents.map((document) => document.status)).toEqual([status, status, 200]);
  });

  test.each([400, 401, 403, 404, 422, 501])("with %i is not", async (status) => {
    await using server = await startServer(fails(status));
    await using clients = await openTestClients();

    await expect(clients.open(sourceAt(server.url)).text("/")).rejects.toMatchObject({
      code: "SOURCE_STATUS",
      status,
    });
    expect(server.requests).toHaveLength(1);
  });

  test("is tried maxRetries times more, and then told with method, address, status and the body's beginning", async () => {
    await using server = await startServer(fails(503));
    await using clients = await openTestClients();
    const client = clients.open(sourceAt(server.url, { maxRetries: 4 }));

    const error = await client.text("/games?day=1").catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({
      code: "SOURCE_STATUS",
      status: 503,
      message: `GET ${server.url}/games?day=1 was answered with status 503: failed with 503`,
    });
    expect(server.requests).toHaveLength(5);
  });

  test("is not sent twice when it may do harm, unless that is asked for", async () => {
    await using server = await startServer(fails(503));
    await using clients = await openTestClients();
    const client = clients.open(sourceAt(server.url, { maxRetries: 1 }));

    await expect(client.text("/", { method: "POST" })).rejects.toMatchObject({ status: 503 });
    expect(server.requests).toHaveLength(1);
    await expect(client.text("/", { method: "POST", retryUnsafe: true })).rejects.toMatchObject({
      status: 503,
    });
    expect(server.requests).toHaveLength(3);
  });

  test("is tried again when the connection was cut, in the middle of a body too", async () => {
    await using server = await startServer(
      inTurn(
        (request) => request.socket.destroy(),
        (_, response) => {
          response.writeHead(200, { "content-length": "1000" });
          response.write("only a part", () => response.destroy());
        },
        (_, response) => {
          response.write("only a part", () => response.destroy());
        },
        succeeds,
      ),
    );
    await using clients = await openTestClients();
    const run = testRun();

    expect(await clients.open(sourceAt(server.url, { maxRetries: 3 }), run).text("/")).toBe("ok");
    expect(run.requestsSent).toBe(4);
    expect(run.documents).toHaveLength(1);
  });

  test("is tried again when its compressed body is damaged", async () => {
    await using server = await startServer(
      inTurn(
        (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("no gzip"),
        succeeds,
      ),
    );
    await using clients = await openTestClients();

    expect(await clients.open(sourceAt(server.url)).text("/")).toBe("ok");
    await using broken = await startServer((_, response) =>
      response.writeHead(200, { "content-encoding": "br" }).end("no brotli"),
    );
    const client = clients.open({ ...sourceAt(broken.url), name: "broken" });
    await expect(client.text("/")).rejects.toMatchObject({ code: "RESPONSE_DAMAGED" });
  });

  test("is told as unreachable when nothing listens", async () => {
    const server = await startServer(succeeds);
    await server[Symbol.asyncDispose]();
    await using clients = await openTestClients();
    const run = testRun();

    await expect(clients.open(sourceAt(server.url), run).text("/x")).rejects.toMatchObject({
      code: "SOURCE_UNREACHABLE",
      message: expect.stringMatching(/^GET http.*\/x got no complete response: .*ECONNREFUSED/),
    });
    expect(run.requestsSent).toBe(3);
  });

  test("is tried again when no answer came in time, not even when the headers did", async () => {
    await using server = await startServer(
      inTurn(
        () => undefined,
        (_, response) => void response.write("the rest never comes"),
        succeeds,
      ),
    );
    await using clients = await openTestClients();
    const source = sourceAt(server.url, { timeout: "300ms" });

    expect(await clients.open(source).text("/")).toBe("ok");
  });

  test("is told as timed out after the last try", async () => {
    await using server = await startServer(() => undefined);
    await using clients = await openTestClients();
    const run = testRun();
    const client = clients.open(sourceAt(server.url, { timeout: "20ms", maxRetries: 1 }), run);

    await expect(client.text("/")).rejects.toMatchObject({
      code: "SOURCE_TIMEOUT",
      message: expect.stringContaining("within 20ms"),
    });
    expect(run.requestsSent).toBe(2);
  });

  test("ends at once when the source asks for a longer wait than maxRetryAfter, and says how long", async () => {
    await using server = await startServer(fails(429, { "retry-after": "3600" }));
    await using clients = await openTestClients();

    await expect(clients.open(sourceAt(server.url)).text("/")).rejects.toMatchObject({
      code: "SOURCE_STATUS",
      retryAfterMs: 3_600_000,
      hint: expect.stringContaining("1h"),
    });
    expect(server.requests).toHaveLength(1);
  });

  test("is tried again after a Retry-After of no time", async () => {
    await using server = await startServer(inTurn(fails(503, { "retry-after": "0" }), succeeds));
    await using clients = await openTestClients();

    expect(await clients.open(sourceAt(server.url)).text("/")).toBe("ok");
  });

  test("is not tried again when it can't be sent at all", async () => {
    await using clients = await openTestClients();
    const run = testRun();
    const client = clients.open(sourceAt("http://127.0.0.1:1", { headers: { "X-Bad": "line\nbreak" } }), run);

    await expect(client.text("/")).rejects.toMatchObject({ code: "REQUEST_INVALID" });
    expect(run.requestsSent).toBe(1);
  });
});

describe("the wait before the next try", () => {
  const backoff = { minBackoffMs: 500, maxBackoffMs: 10_000, maxDoublings: 5 };
  const policy: RetryPolicy = { maxRetries: 2, maxRetryAfterMs: 30_000, backoff, random: () => 0.5 };
  const answer = (retryAfter: string) => ({ status: 503, headers: { "retry-after": retryAfter } });

  test("grows, with jitter, and ends with maxRetries", () => {
    const failure = new SourceError({ code: "SOURCE_TIMEOUT", message: "", hint: "" });
    expect([1, 2, 3].map((tries) => retryDelayMs(policy, tries, failure))).toEqual([750, 1_250, undefined]);
  });

  test("is as long as the source asks, up to maxRetryAfter", () => {
    expect(retryDelayMs(policy, 1, answer("20"))).toBe(20_000);
    expect(retryDelayMs(policy, 1, answer("30"))).toBe(30_000);
    expect(retryDelayMs(policy, 1, answer("31"))).toBeUndefined();
  });
});

test.each([
  ["120", 120_000],
  [" 0 ", 0],
  ["Wed, 21 Oct 2015 07:28:30 GMT", 30_000],
  ["Wednesday, 21-Oct-15 07:28:30 GMT", 30_000],
  ["Wed, 21 Oct 2015 07:00:00 GMT", 0],
  ["-5", undefined],
  ["soon", undefined],
  ["Soon or later", undefined],
  ["", undefined],
  [undefined, undefined],
])("Retry-After %j is %s milliseconds", (value, ms) => {
  expect(findRetryAfterMs(value, Date.parse("2015-10-21T07:28:00Z"))).toBe(ms);
});
