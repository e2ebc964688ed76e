// Tests of JSON responses: checked against a schema, and told where they differ.

import { describe, expect, test } from "vitest";
import { z } from "zod";
import { openTestClients, sourceAt, startServer, testRun } from "./source.fixture.ts";

const Games = z.object({ games: z.array(z.object({ id: z.string(), points: z.number() })) });
const GAMES = { games: [{ id: "0022500001", points: 101 }] };

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

  test("keeps integers that are too large for a number, where the schema takes them", async () => {
    const body = '[{"id":1610521604143693812,"text":"first"},{"id":1610521604143693813,"text":"second"}]';
    await using server = await startServer((_, response) => response.end(body));
    await using clients = await openTestClients();
    const client = clients.open(sourceAt(server.url));
    const rows = <T extends z.ZodType>(id: T) => z.array(z.object({ id, text: z.string() }));

    expect(await client.json("/", rows(z.coerce.bigint()))).toMatchObject([
      { id: 1610521604143693812n },
      { id: 1610521604143693813n },
    ]);
    expect(await client.json("/", rows(z.coerce.string()))).toMatchObject([
      { id: "1610521604143693812" },
      { id: "1610521604143693813" },
    ]);
    for (const number of [z.number(), z.coerce.number()]) {
      await expect(client.json("/", rows(number))).rejects.toMatchObject({
        code: "RESPONSE_INVALID",
        hint: expect.stringContaining("z.coerce.bigint()"),
      });
    }
  });

  test("that holds bytes of another charset is told, and not guessed", async () => {
    await using server = await startServer((_, response) => response.end(Buffer.from([0x22, 0xe9, 0x22])));
    await using clients = await openTestClients();

    await expect(clients.open(sourceAt(server.url)).json("/", z.string())).rejects.toThrow(
      /isn't JSON since not all of it is valid utf-8/,
    );
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
