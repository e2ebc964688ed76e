// Tests of what ctx.http sends: where requests go, what they carry, and how many go at once.

import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { openTestClients, sourceAt, startServer, testRun } from "./source.fixture.ts";

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
