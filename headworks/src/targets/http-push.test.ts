// Endpoints are real servers here: what is posted to them, what they answer, how they fail.

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { pushHttp, TargetBusyError } from "./http-push.ts";
import type { TargetRequest } from "./request.ts";
import { findRetryAfterMs } from "./retry-after.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function serving(handler: Handler): Promise<string> {
  const server = createServer(handler).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return `http://127.0.0.1:${address.port}`;
}

/** An endpoint that always gives one answer. */
const answering = (status: number, body = "", headers: Record<string, string> = {}) =>
  serving((_, response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
  });

function requestOf(signal = new AbortController().signal): TargetRequest {
  return {
    pipeline: "events",
    processor: "venue_pages",
    partition: "2026-01-14",
    namespace: "prod",
    run: "018f",
    attempt: 2,
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    signal,
    onLog: () => undefined,
  };
}

test("what was handed over is posted along", async () => {
  const seen = Promise.withResolvers<unknown>();
  const origin = await serving(async (request, response) => {
    seen.resolve(JSON.parse(await text(request)));
    response.writeHead(204).end();
  });
  await pushHttp({ url: origin }, { ...requestOf(), payload: { game: 7 } });
  expect(await seen.promise).toMatchObject({ run: "018f", payload: { game: 7 } });
});

test("the run is posted as JSON, with its trace and the target's own headers", async () => {
  const seen = Promise.withResolvers<unknown>();
  const origin = await serving(async (request, response) => {
    const { method, url, headers } = request;
    seen.resolve({ method, url, headers, body: JSON.parse(await text(request)) });
    response.writeHead(204).end();
  });
  const headers = { "X-Team": "events", "Content-Type": "text/plain" };
  expect(await pushHttp({ url: `${origin}/run?key=k`, headers }, requestOf())).toEqual({});
  expect(await seen.promise).toMatchObject({
    method: "POST",
    url: "/run?key=k",
    headers: {
      "content-type": "application/json",
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      "x-team": "events",
    },
    body: {
      pipeline: "events",
      processor: "venue_pages",
      partition: "2026-01-14",
      namespace: "prod",
      run: "018f",
      attempt: 2,
    },
  });
});

test("a JSON body is the result; an empty one, and one that isn't JSON, simply return", async () => {
  const result = { records: 12, metrics: { pages: 3 } };
  expect(await pushHttp({ url: await answering(200, JSON.stringify(result)) }, requestOf())).toEqual(result);
  expect(await pushHttp({ url: await answering(202) }, requestOf())).toEqual({});
  const labeled = await answering(200, JSON.stringify(result), { "content-type": "text/plain" });
  expect(await pushHttp({ url: labeled }, requestOf())).toEqual(result);
  const marked = await answering(200, `\uFEFF${JSON.stringify(result)}`);
  expect(await pushHttp({ url: marked }, requestOf())).toEqual(result);
});

test("a metric that is no number is handed on as null, and a text that says NaN stays as it is", async () => {
  const body =
    '{"records": 2, "note": "NaN: -Infinity", "metrics": {"pages": 3, "share": NaN, "low": -Infinity}}';

  expect(await pushHttp({ url: await answering(200, body) }, requestOf())).toEqual({
    records: 2,
    note: "NaN: -Infinity",
    metrics: { pages: 3, share: null, low: null },
  });
});

test.each([
  ["that is no JSON", "{", /is not JSON/],
  ["that is a page of a proxy", "<html>signed out</html>", /is not JSON/],
  ["that is a word", "OK", /is not JSON/],
  ["with an unknown key", '{"recods": 1}', /Unrecognized key/],
  ["beyond a mebibyte", `"${"x".repeat(2 ** 20)}"`, /more than 1048576 bytes/],
])("an answer %s is an error that says so", async (_, body, message) => {
  await expect(pushHttp({ url: await answering(200, body) }, requestOf())).rejects.toMatchObject({
    code: "TARGET_RESULT_INVALID",
    message: expect.stringMatching(message),
  });
});

test("of an answer without an end no more is read than a result may have", async () => {
  const closed = Promise.withResolvers<void>();
  const url = await serving((_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.on("close", () => closed.resolve());
    const fill = () => {
      while (!response.destroyed && response.write("x".repeat(65_536)));
    };
    response.on("drain", fill);
    fill();
  });
  await expect(pushHttp({ url }, requestOf())).rejects.toMatchObject({ code: "TARGET_RESULT_INVALID" });
  await closed.promise;
});

test.each([429, 503])("a %i with Retry-After carries how long to wait", async (status) => {
  const url = await answering(status, "later", { "retry-after": "120" });
  const thrown = await pushHttp({ url }, requestOf()).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(TargetBusyError);
  expect(thrown).toMatchObject({
    code: "TARGET_BUSY",
    retryAfterMs: 120_000,
    message: `${url}/ answered ${status}: later`,
  });
});

test.each([302, 400, 404, 429, 500, 503])(
  "a %i without Retry-After is an error that quotes the answer",
  async (status) => {
    const url = await answering(status, "no such venue");
    await expect(pushHttp({ url: `${url}/run?key=secret` }, requestOf())).rejects.toMatchObject({
      code: "TARGET_STATUS",
      message: `${url}/run answered ${status}: no such venue`,
    });
  },
);

test("a Retry-After on another status changes nothing", async () => {
  const url = await answering(500, "", { "retry-after": "5" });
  await expect(pushHttp({ url }, requestOf())).rejects.toMatchObject({
    code: "TARGET_STATUS",
    message: `${url}/ answered 500`,
  });
});

test("an endpoint that isn't there, or hangs up, could not be reached", async () => {
  const hangingUp = await serving((request) => request.socket.destroy());
  await expect(pushHttp({ url: hangingUp }, requestOf())).rejects.toMatchObject({
    code: "TARGET_UNREACHABLE",
    message: expect.stringContaining(`${hangingUp}/ did not answer`),
  });
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  await expect(pushHttp({ url: `http://127.0.0.1:${address.port}` }, requestOf())).rejects.toMatchObject({
    code: "TARGET_UNREACHABLE",
    message: expect.stringContaining("ECONNREFUSED"),
  });
});

test.each(["before the answer", "within the answer"])(
  "an abort %s hangs up and gives the reason",
  async (when) => {
    const asked = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    const url = await serving((_, response) => {
      response.on("close", () => closed.resolve());
      if (when === "within the answer")
        response.writeHead(200, { "content-type": "application/json" }).write("{");
      asked.resolve();
    });
    const stop = new AbortController();
    const reason = new Error("past the hard timeout");
    const running = expect(pushHttp({ url }, requestOf(stop.signal))).rejects.toBe(reason);
    await asked.promise;
    stop.abort(reason);
    await Promise.all([running, closed.promise]);
  },
);

test("nothing is posted for a run that was aborted already", async () => {
  const reason = new Error("shutting down");
  await expect(pushHttp({ url: "http://127.0.0.1:1" }, requestOf(AbortSignal.abort(reason)))).rejects.toBe(
    reason,
  );
});

test("Retry-After is read as seconds or as a date, and never is negative", () => {
  const now = Date.parse("2026-01-14T12:00:00Z");
  expect(findRetryAfterMs("30", now)).toBe(30_000);
  expect(findRetryAfterMs("Wed, 14 Jan 2026 12:01:00 GMT", now)).toBe(60_000);
  expect(findRetryAfterMs("Wed, 14 Jan 2026 11:00:00 GMT", now)).toBe(0);
  expect(findRetryAfterMs("soon", now)).toBeUndefined();
  expect(findRetryAfterMs(undefined, now)).toBeUndefined();
});
