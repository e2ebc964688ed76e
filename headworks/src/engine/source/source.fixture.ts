// For tests: a source that is a real HTTP server, and clients of it for a run that records what it is told.

import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Environment } from "../../define/registry.ts";
import type { Source, SourceOptions } from "../../define/source.ts";
import { type Database, openDatabase } from "../../store/database.ts";
import type { RawDocument } from "../../store/history/documents.ts";
import { openLog } from "../../telemetry/log.ts";
import { Breakers } from "../breaker/breakers.ts";
import { RetryStorms } from "../breaker/retry-storms.ts";
import { type Archive, openArchive } from "./archive.ts";
import { openSourceClients } from "./clients.ts";
import type { RunAccess } from "./run-access.ts";

export interface TestServer extends AsyncDisposable {
  url: string;
  /** Every request that arrived, in order. */
  requests: IncomingMessage[];
  /** How many connections were made to it. */
  connections(): number;
}

/** A server on a free port that answers every request with `listener`. */
export async function startServer(listener: RequestListener): Promise<TestServer> {
  const requests: IncomingMessage[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    requests.push(request);
    listener(request, response);
  });
  server.on("connection", () => {
    connections++;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Answers in turn as the listeners say; the last one goes on answering. */
export function inTurn(...listeners: [RequestListener, ...RequestListener[]]): RequestListener {
  let turn = 0;
  return (request, response) => {
    const listener = listeners[Math.min(turn++, listeners.length - 1)] ?? listeners[0];
    listener(request, response);
  };
}

export function sourceAt(url: string, options: Partial<SourceOptions> = {}): Source {
  return { kind: "source", name: "test", baseUrl: url, ...options };
}

export interface TestRun extends RunAccess {
  documents: RawDocument[];
  requestsSent: number;
}

export function testRun(overrides: Partial<RunAccess> = {}): TestRun {
  const run: TestRun = {
    run: "0197a000-0000-7000-8000-000000000001",
    signal: new AbortController().signal,
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    fromArchive: false,
    documents: [],
    requestsSent: 0,
    onRequest() {
      run.requestsSent++;
    },
    keepDocument(document) {
      run.documents.push(document);
    },
    ...overrides,
  };
  return run;
}

export interface TestClients extends AsyncDisposable {
  archive: Archive;
  /** A client of the source, for the run. */
  open(
    source: Source,
    run?: RunAccess,
  ): ReturnType<ReturnType<ReturnType<typeof openSourceClients>["forRun"]>>;
}

/** Without a database there is one that nobody can connect to: what touches it fails. Retries follow at once. */
export async function openTestClients(
  options: { database?: Database; environment?: Environment } = {},
): Promise<TestClients> {
  const directory = await mkdtemp(join(tmpdir(), "headworks-archive-"));
  const unreachable = openDatabase({ url: "postgres://nobody@127.0.0.1:1/nothing", role: "tests" });
  const archive = openArchive(directory);
  const clients = openSourceClients({
    database: options.database ?? unreachable,
    archive,
    environment: options.environment ?? {},
    breakers: new Breakers(options.database ?? unreachable, "prod"),
    storms: new RetryStorms(
      options.database ?? unreachable,
      "prod",
      openLog({ format: "json", level: "error" }),
    ),
    backoff: { minBackoffMs: 0, maxBackoffMs: 1, maxDoublings: 0 },
  });
  return {
    archive,
    open: (source, run = testRun()) => clients.forRun(run)(source),
    async [Symbol.asyncDispose]() {
      await clients.close();
      await unreachable.end();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
