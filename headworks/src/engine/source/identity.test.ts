// Tests of signing in to a source: how secrets are sent, and that they show nowhere else.

import { describe, expect, test } from "vitest";
import { basic, bearer, headerKey, secret } from "../../define/source.ts";
import { inTurn, openTestClients, sourceAt, startServer, testRun } from "./source.fixture.ts";

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
