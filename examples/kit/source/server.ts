// The source as an HTTP server on this machine: somebody else's API, with somebody else's faults.
// When it closes, open connections are cut, answered or not.

import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Fault, Interference } from "../faults/fault.ts";
import { armFaults } from "../faults/parse-fault.ts";
import { type Answer, bodyOf, refusal } from "./answer.ts";
import { type Route, routeRequest } from "./routing.ts";

export interface SourceServer {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
  /** How many requests have arrived, refused and unanswered ones included. */
  requests(): number;
}

export interface SourceOptions<World> {
  /** What is served. */
  readonly world: World;
  readonly routes: readonly Route<World>[];
  readonly faults?: readonly Fault[];
  /** Any free one by default. */
  readonly port?: number;
  /** When given, requests need it as `Authorization: Bearer <key>`. */
  readonly key?: string;
  /** The clock of rate limits, in milliseconds; the process's monotonic one by default. */
  readonly monotonicMs?: () => number;
}

const HOST = "127.0.0.1";
// Longer than clients keep idle connections, so that none is closed under a request that is on its way.
const KEEP_ALIVE_MS = 60_000;

/** Serves a world. Rejects with the system's error when the port is not free. */
export async function startSource<World>(options: SourceOptions<World>): Promise<SourceServer> {
  const closing = new AbortController();
  const interference = armFaults(options.faults ?? [], {
    monotonicMs: options.monotonicMs ?? (() => performance.now()),
    pause: (ms) => delay(ms, undefined, { signal: closing.signal }),
  });
  let received = 0;
  const server = createServer((incoming, outgoing) => {
    received += 1;
    void respond(incoming, outgoing, options, interference, closing.signal);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const port = await listen(server, options.port ?? 0);

  let closed: Promise<void> | undefined;
  return {
    url: `http://${HOST}:${port}`,
    requests: () => received,
    close() {
      closing.abort();
      closed ??= stop(server);
      return closed;
    },
  };
}

async function respond<World>(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  options: SourceOptions<World>,
  interference: Interference,
  closing: AbortSignal,
): Promise<void> {
  try {
    send(incoming, outgoing, await answerTo(incoming, options, interference));
  } catch (error) {
    // A server that closes cuts its connections, also those that a fault holds up.
    if (closing.aborted) return;
    send(
      incoming,
      outgoing,
      refusal(500, "internal", error instanceof Error ? error.message : String(error)),
    );
  }
}

async function answerTo<World>(
  incoming: IncomingMessage,
  { world, routes, key }: SourceOptions<World>,
  interference: Interference,
): Promise<Answer> {
  if (incoming.method !== "GET" && incoming.method !== "HEAD")
    return refusal(405, "method_not_allowed", "this source can only be read", { allow: "GET, HEAD" });
  if (key !== undefined && incoming.headers.authorization !== `Bearer ${key}`)
    return refusal(401, "unauthorized", "send the key as a bearer token", { "www-authenticate": "Bearer" });
  const url = URL.parse(incoming.url ?? "", `http://${HOST}`);
  if (url === null) return refusal(400, "url_malformed", "the URL cannot be read");
  const routed = routeRequest(url, routes, world);
  return interference(routed?.request, async () =>
    routed === undefined
      ? refusal(404, "not_found", `there is nothing at ${url.pathname}`)
      : routed.route.answer(world, routed.request),
  );
}

function send(incoming: IncomingMessage, outgoing: ServerResponse, answer: Answer): void {
  if (answer.kind === "silence") return;
  const { contentType, text } = bodyOf(answer);
  const etag = `"${createHash("sha256").update(text).digest("hex").slice(0, 32)}"`;
  const extra = answer.kind === "json" ? (answer.headers ?? {}) : {};
  // Without a date the same request gives the same bytes.
  outgoing.sendDate = false;
  if (answer.status === 200 && incoming.headers["if-none-match"] === etag) {
    outgoing.writeHead(304, { etag }).end();
    return;
  }
  const length = Buffer.byteLength(text);
  outgoing.writeHead(answer.status, {
    "content-type": contentType,
    "content-length": length,
    etag,
    ...extra,
  });
  outgoing.end(text);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}
