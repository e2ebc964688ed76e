// Tests of redirects: where they lead, what is sent along, and that each hop counts as a request.

import { expect, test } from "vitest";
import { headerKey, secret } from "../../define/source.ts";
import { inTurn, openTestClients, sourceAt, startServer, testRun } from "./source.fixture.ts";

const environment = { STATS_KEY: "s3cret" };
const auth = headerKey("x-api-key", secret("STATS_KEY"));

test("a redirect is followed, and recorded as what it ends at, under the address that was asked for", async () => {
  await using server = await startServer((request, response) => {
    if (request.url === "/new") response.end(`signed by ${request.headers["x-api-key"]}`);
    else response.writeHead(301, { location: "/new" }).end("moved");
  });
  await using clients = await openTestClients({ environment });
  const run = testRun();
  const client = clients.open(sourceAt(server.url, { auth }), run);

  const response = await client.request("/old");
  await client.request("/new");

  expect(response.url).toBe(`${server.url}/new`);
  expect(Buffer.from(response.body).toString()).toBe("signed by s3cret");
  expect(run.requestsSent).toBe(3);
  expect(run.documents.map((document) => document.url)).toEqual([`${server.url}/new`, `${server.url}/new`]);
  expect(run.documents[0]?.requestHash).not.toBe(run.documents[1]?.requestHash);
});

test("another origin gets no header that could sign the request", async () => {
  await using other = await startServer((request, response) => response.end(JSON.stringify(request.headers)));
  await using server = await startServer((_, response) =>
    response.writeHead(302, { location: `${other.url}/file` }).end(),
  );
  await using clients = await openTestClients({ environment });
  const run = testRun();
  const client = clients.open(sourceAt(server.url, { auth, headers: { cookie: "a=b" } }), run);

  const sent = JSON.parse(await client.text("/", { headers: { "x-team": "stats" } }));

  expect(server.requests[0]?.headers).toMatchObject({
    "x-api-key": "s3cret",
    cookie: "a=b",
    "x-team": "stats",
  });
  expect(sent).toMatchObject({ traceparent: run.traceparent });
  for (const name of ["x-api-key", "cookie", "x-team"]) expect(sent).not.toHaveProperty(name);
});

test.each([
  [301, "POST", "GET", ""],
  [302, "POST", "GET", ""],
  [303, "PUT", "GET", ""],
  [301, "PUT", "PUT", '{"a":1}'],
  [307, "POST", "POST", '{"a":1}'],
  [308, "POST", "POST", '{"a":1}'],
] as const)("after %i, %s becomes %s", async (status, method, next, body) => {
  await using server = await startServer(
    inTurn(
      (_, response) => response.writeHead(status, { location: "/next" }).end(),
      (request, response) => request.pipe(response),
    ),
  );
  await using clients = await openTestClients();

  expect(await clients.open(sourceAt(server.url)).text("/", { method, json: { a: 1 } })).toBe(body);
  expect(server.requests[1]).toMatchObject({ method: next, url: "/next" });
  expect(server.requests[1]?.headers["content-type"]).toBe(body === "" ? undefined : "application/json");
});

test("a source that redirects for ever is told so, and not tried again", async () => {
  await using server = await startServer((request, response) =>
    response.writeHead(302, { location: `${request.url}x` }).end(),
  );
  await using clients = await openTestClients();

  await expect(clients.open(sourceAt(server.url)).text("/")).rejects.toMatchObject({
    code: "SOURCE_REDIRECT",
  });
  expect(server.requests).toHaveLength(6);
});

test.each(["file:///etc/passwd", "http://["])("a redirect to %s is refused", async (location) => {
  await using server = await startServer((_, response) => response.writeHead(302, { location }).end());
  await using clients = await openTestClients();

  await expect(clients.open(sourceAt(server.url)).text("/")).rejects.toMatchObject({
    code: "SOURCE_REDIRECT",
  });
});

test("a response that only looks like a redirect is given as it is", async () => {
  await using server = await startServer((_, response) => response.writeHead(304).end());
  await using clients = await openTestClients();

  expect(await clients.open(sourceAt(server.url)).request("/")).toMatchObject({ status: 304 });
});
