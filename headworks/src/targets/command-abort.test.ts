// A run that must end leaves no process behind: real groups of processes, watched through the sockets they hold.

import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { runCommand } from "./command.ts";
import type { TargetRequest } from "./request.ts";

/** A process that is alive holds a connection to this server; when the process is gone, the connection closes. */
async function watcher(): Promise<{ port: number; next: () => Promise<Socket> }> {
  const server: Server = createServer();
  const waiting: ((socket: Socket) => void)[] = [];
  const arrived: Socket[] = [];
  const all: Socket[] = [];
  server.on("connection", (socket) => {
    all.push(socket);
    socket.on("error", () => socket.destroy());
    socket.resume();
    const taker = waiting.shift();
    if (taker === undefined) arrived.push(socket);
    else taker(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of all) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const next = () => {
    const socket = arrived.shift();
    return socket === undefined ? new Promise<Socket>((take) => waiting.push(take)) : Promise.resolve(socket);
  };
  return { port: address.port, next };
}

/** Connects to the watcher and lives for as long as the connection does. */
const held = (port: number, before = "") =>
  `${before} require("node:net").connect(${port}, "127.0.0.1").on("close", () => process.exit()).resume();`;

const node = (script: string): { command: [string, ...string[]] } => ({
  command: [process.execPath, "--input-type=commonjs", "--eval", script],
});

/** Starts another process that runs `script`, with our output as its own. */
const starting = (script: string, options: string) =>
  `require("node:child_process").spawn(process.execPath, ["--input-type=commonjs", "--eval", ${JSON.stringify(script)}], ${options});`;

const IGNORING = 'process.on("SIGTERM", () => undefined);';

function requestOf(signal: AbortSignal, onLog: TargetRequest["onLog"] = () => undefined): TargetRequest {
  return {
    pipeline: "events",
    processor: "venue_pages",
    partition: "all",
    namespace: "prod",
    run: "018f",
    attempt: 1,
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    signal,
    onLog,
  };
}

test("an abort ends the command and all that it started, and gives the reason", async () => {
  const { port, next } = await watcher();
  const stop = new AbortController();
  const target = node(`${starting(held(port), '{ stdio: "inherit" }')} ${held(port)}`);
  const running = expect(runCommand(target, requestOf(stop.signal))).rejects.toThrow("past the hard timeout");
  const sockets = [await next(), await next()];
  const gone = sockets.map((socket) => once(socket, "close"));
  stop.abort(new Error("past the hard timeout"));
  await Promise.all([running, ...gone]);
});

test("a command may put things in order at SIGTERM, and is still aborted when it then exits with 0", async () => {
  const stop = new AbortController();
  const printed: string[] = [];
  const target = node(
    'process.on("SIGTERM", () => { console.log("in order"); process.exit(0); }); console.log("ready"); setInterval(() => {}, 1000);',
  );
  const request = requestOf(stop.signal, (_, message) => {
    printed.push(message);
    if (message === "ready") stop.abort();
  });
  await expect(runCommand(target, request)).rejects.toMatchObject({ name: "AbortError" });
  expect(printed).toEqual(["ready", "in order"]);
});

test("a group that ignores SIGTERM is killed after the grace", async () => {
  const { port, next } = await watcher();
  const stop = new AbortController();
  const target = node(`${IGNORING} ${starting(held(port, IGNORING), '{ stdio: "ignore" }')} ${held(port)}`);
  const running = expect(runCommand(target, requestOf(stop.signal), 50)).rejects.toThrow("enough");
  const sockets = [await next(), await next()];
  const gone = sockets.map((socket) => once(socket, "close"));
  stop.abort(new Error("enough"));
  await Promise.all([running, ...gone]);
});

test("what a command leaves behind is ended when it returns", async () => {
  const { port, next } = await watcher();
  const left = starting(held(port), '{ stdio: "inherit" }');
  const target = node(`${left} process.on("SIGUSR2", () => process.exit(0)); console.log(process.pid);`);
  const pid = Promise.withResolvers<number>();
  const running = runCommand(
    target,
    requestOf(new AbortController().signal, (_, message) => pid.resolve(Number(message))),
  );
  const gone = once(await next(), "close");
  process.kill(await pid.promise, "SIGUSR2");
  await gone;
  expect(await running).toEqual({});
});

test("a process that left the group and holds the output keeps no run waiting", async () => {
  const { port, next } = await watcher();
  const daemon = starting(held(port), '{ stdio: "inherit", detached: true }');
  const target = node(`${daemon} process.exit();`);
  const running = runCommand(target, requestOf(new AbortController().signal), 50);
  const daemonSocket = await next();
  expect(await running).toEqual({});
  expect(daemonSocket.closed).toBe(false);
});

test("an abort that comes while the command is being started ends it too", async () => {
  const stop = new AbortController();
  const running = runCommand(node("setInterval(() => {}, 1000)"), requestOf(stop.signal));
  stop.abort(new Error("at once"));
  await expect(running).rejects.toThrow("at once");
});

test("nothing is started for a run that was aborted already", async () => {
  const reason = new Error("shutting down");
  const target = { command: ["no-such-program"] as [string] };
  await expect(runCommand(target, requestOf(AbortSignal.abort(reason)))).rejects.toBe(reason);
});
