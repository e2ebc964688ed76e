// Tests of aborting: whatever a request is waiting for, it ends when its run does, and leaves room for others.

import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { inTurn, openTestClients, sourceAt, startServer, testRun } from "./source.fixture.ts";

const reason = new Error("the run is over");

test("a request in flight is aborted, and its connection closed", async () => {
  const controller = new AbortController();
  const closed = Promise.withResolvers<void>();
  await using server = await startServer((request) => {
    request.on("close", () => closed.resolve());
    controller.abort(reason);
  });
  await using clients = await openTestClients();
  const run = testRun({ signal: controller.signal });

  await expect(clients.open(sourceAt(server.url), run).text("/")).rejects.toBe(reason);
  await closed.promise;
  expect(run.requestsSent).toBe(1);
});

test("a body that is being read is aborted", async () => {
  const controller = new AbortController();
  await using server = await startServer((_, response) => {
    response.write("first part", () => controller.abort(reason));
  });
  await using clients = await openTestClients();

  const client = clients.open(sourceAt(server.url), testRun({ signal: controller.signal }));
  await expect(client.text("/")).rejects.toBe(reason);
});

test("a connection that is never made is given up", async () => {
  // A TLS server that accepts and says nothing: the handshake doesn't end.
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const address = silent.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const controller = new AbortController();
  silent.on("connection", () => controller.abort(reason));
  await using clients = await openTestClients();

  const client = clients.open(sourceAt(`https://127.0.0.1:${port}`), testRun({ signal: controller.signal }));
  await expect(client.text("/")).rejects.toBe(reason);
  silent.close();
});

test("the wait before another try is aborted", async () => {
  const controller = new AbortController();
  await using server = await startServer((_, response) => {
    response.writeHead(503, { "retry-after": "25" }).end();
  });
  await using clients = await openTestClients();
  const run = testRun({
    signal: controller.signal,
    keepDocument: () => setImmediate(() => controller.abort(reason)),
  });

  await expect(clients.open(sourceAt(server.url), run).text("/")).rejects.toBe(reason);
  expect(server.requests).toHaveLength(1);
});

test("the wait for a connection is aborted, and the connection goes to the next", async () => {
  const first = Promise.withResolvers<() => void>();
  await using server = await startServer(
    inTurn(
      (_, response) => first.resolve(() => response.end("first")),
      (request, response) => response.end(request.url),
    ),
  );
  await using clients = await openTestClients();
  const source = sourceAt(server.url, { maxConnections: 1 });
  const controller = new AbortController();

  const holding = clients.open(source).text("/holding");
  const release = await first.promise;
  const aborted = clients.open(source, testRun({ signal: controller.signal })).text("/aborted");
  const next = clients.open(source).text("/next");
  controller.abort(reason);

  await expect(aborted).rejects.toBe(reason);
  release();
  expect(await holding).toBe("first");
  expect(await next).toBe("/next");
  expect(server.requests.map((request) => request.url)).toEqual(["/holding", "/next"]);
});

test("a run that is over sends nothing", async () => {
  await using server = await startServer((_, response) => response.end());
  await using clients = await openTestClients();
  const client = clients.open(sourceAt(server.url), testRun({ signal: AbortSignal.abort(reason) }));

  await expect(client.text("/")).rejects.toBe(reason);
  expect(server.requests).toEqual([]);
});

test("a hundred requests of one run don't make the runtime suspect a leak", async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on("warning", note);
  await using server = await startServer((_, response) => response.end("ok"));
  await using clients = await openTestClients();
  const client = clients.open(sourceAt(server.url, { maxConnections: 50 }));

  await Promise.all(Array.from({ length: 100 }, (_, index) => client.text(`/${index}`)));

  process.off("warning", note);
  expect(warnings).toEqual([]);
});
