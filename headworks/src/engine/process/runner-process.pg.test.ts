// Tests of a runner process whose database goes away as it begins or as it leaves.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { openWorld } from "../../testing/engine.ts";
import stuck from "../../testing/engine-stuck.config.ts";
import { openProxy } from "../../testing/proxy.ts";
import { type RunnerSettings, SETTINGS_VARIABLE, type ToSupervisor } from "./runner-protocol.ts";

const LAUNCHER = fileURLToPath(new URL("../../../bin/headworks.js", import.meta.url));
const configuration = fileURLToPath(new URL("../../testing/engine-stuck.config.ts", import.meta.url));

function startRunner(databaseUrl: string): ChildProcess {
  const settings: RunnerSettings = {
    configuration,
    databaseUrl,
    directory: tmpdir(),
    dataDir: tmpdir(),
    namespace: "prod",
    concurrency: 2,
    codeVersion: "none of those registered: it claims nothing",
    log: { format: "json", level: "warn" },
  };
  const env = { ...process.env, [SETTINGS_VARIABLE]: JSON.stringify(settings) };
  const child = fork(LAUNCHER, ["runner"], { env, stdio: ["ignore", "ignore", "pipe", "ipc"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function firstWord(child: ChildProcess): Promise<ToSupervisor["kind"]> {
  const [message] = await once(child, "message");
  return (message as ToSupervisor).kind;
}

test("a runner whose supervisor and database are both gone leaves", async () => {
  await using world = await openWorld([stuck]);
  await using proxy = await openProxy(world.db.url);
  const child = startRunner(proxy.url);
  expect(await firstWord(child)).toBe("registered");

  const exit = once(child, "exit");
  proxy.cut();
  child.disconnect();

  await exit;
}, 60_000);

test("a runner that begins while the database is away waits for it", async () => {
  await using world = await openWorld([stuck]);
  await using proxy = await openProxy(world.db.url);
  proxy.cut();
  const child = startRunner(proxy.url);
  const word = firstWord(child);

  await once(child.stderr ?? child, "data");
  proxy.fix();

  expect(await word).toBe("registered");
}, 60_000);

test("one that waits for it leaves when its supervisor is gone", async () => {
  await using world = await openWorld([stuck]);
  await using proxy = await openProxy(world.db.url);
  proxy.cut();
  const child = startRunner(proxy.url);

  await once(child.stderr ?? child, "data");
  const exit = once(child, "exit");
  child.disconnect();

  await exit;
}, 60_000);
