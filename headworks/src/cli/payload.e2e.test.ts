// Payloads by the command line: handed over with a task, shown with its failure, edited for a retry, refused with the place of the fault.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { daily } from "../define/partition-sets.ts";
import { processor } from "../define/processor.ts";
import { queue } from "../define/queue.ts";
import { pipelineOf, startEngine } from "../testing/engine.ts";
import { readNumber } from "../testing/engine-ledger.ts";
import { runCommand } from "./command.fixture.ts";

test("a task fails for its payload, and a retry with an edited one succeeds", async () => {
  const folder = await mkdtemp(join(tmpdir(), "headworks-payload-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const two = daily({ start: "2026-01-01", end: "2026-01-02" });
  const orders = processor("orders", {
    phase: "all",
    partitions: two,
    queue: queue("once", { maxAttempts: 1 }),
    async run(ctx) {
      const payload = await ctx.payload();
      if (JSON.stringify(payload) !== '{"amount":7}') throw new Error("no amount");
    },
  });
  await using engine = await startEngine([pipelineOf(orders)]);
  const { database, url } = engine.db;
  const headworks = (...args: string[]) => runCommand([...args, "--database-url", url]);
  await engine.untilSettled();

  const bad = await headworks("tasks", "add", "orders", "2026-01-01", "--payload", '{"a":["\\u0000"]}');
  expect(bad).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('the payload has a NUL character at "/a/0"'),
  });
  expect(await readNumber(database, "select count(*) from headworks.payloads")).toBe(0);
  const file = join(folder, "order.json");
  await writeFile(file, '{"amount":"seven"}');
  expect((await headworks("tasks", "add", "orders", "2026-01-01", "--payload-file", file)).code).toBe(0);
  await engine.untilSettled();

  const { items } = JSON.parse((await headworks("failures", "list", "--json")).stdout) as {
    items: { fingerprint: string }[];
  };
  const fingerprint = items[0]?.fingerprint ?? "";
  const shown = await headworks("failures", "show", fingerprint);
  expect(shown.stdout).toMatch(/^ +payload +\{"amount":"seven"\}$/m);
  const many = await headworks("failures", "retry", fingerprint, "--payload", '{"amount":7}');
  expect(many).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("2 failed tasks fit, but a payload is for one"),
  });
  const one = ["--processor", "orders", "--partition", "2026-01-01"];
  expect((await headworks("failures", "retry", ...one, "--payload", '{"amount":7}')).stderr).toContain(
    "1 task ready",
  );
  await engine.untilRun("orders", "2026-01-01", ({ settlement }) => settlement.outcome === "success");

  const audit = "select count(*) from headworks.audit_log where details ->> 'payload' = 'true'";
  expect(await readNumber(database, audit)).toBe(2);
  const { details } = JSON.parse((await headworks("failures", "show", fingerprint, "--json")).stdout);
  expect(details).toMatchObject({ output: { partition: "2026-01-02" }, payload: null });
}, 120_000);
