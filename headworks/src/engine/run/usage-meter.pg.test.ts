// Tests of what runs use: known where a run had its process for itself, and of a command; unknown where several can't be told apart.

import { expect, test } from "vitest";
import { processor } from "../../define/processor.ts";
import { eager, pipelineOf, startEngine } from "../../testing/engine.ts";

const all = { phase: "all", queue: eager } as const;

test("a run that is alone has its processor time and memory; runs beside each other have none", async () => {
  const together = Promise.withResolvers<void>();
  let besides = 0;
  const beside = async () => {
    besides += 1;
    if (besides === 2) together.resolve();
    await together.promise;
  };
  const busy = processor("busy", {
    ...all,
    run() {
      const cpu = process.cpuUsage();
      while (process.cpuUsage(cpu).user < 60_000);
    },
  });
  const one = processor("one", { ...all, needs: [busy], run: beside });
  const other = processor("other", { ...all, needs: [busy], run: beside });
  await using engine = await startEngine([pipelineOf(busy, one, other)]);
  await Promise.all([engine.untilRun("one", "all"), engine.untilRun("other", "all")]);

  const { rows } = await engine.db.database.query(
    "select processor, cpu_ms, peak_memory_bytes from headworks.v_runs order by processor",
  );
  expect(rows).toMatchObject([
    { processor: "busy", cpu_ms: expect.any(Number), peak_memory_bytes: expect.any(Number) },
    { processor: "one", cpu_ms: null, peak_memory_bytes: null },
    { processor: "other", cpu_ms: null, peak_memory_bytes: null },
  ]);
  expect(rows[0].cpu_ms).toBeGreaterThanOrEqual(60);
  expect(rows[0].peak_memory_bytes).toBeGreaterThan(20_000_000);
});

test.runIf(process.platform === "linux")("a command has its own, also beside another run", async () => {
  const script = "const until = Date.now() + 1000; while (Date.now() < until);";
  const command: [string, ...string[]] = [process.execPath, "--eval", script];
  const over = Promise.withResolvers<void>();
  const scrape = processor("scrape", { ...all, run: { kind: "command", command } });
  const waits = processor("waits", { ...all, run: () => over.promise });
  await using engine = await startEngine([pipelineOf(scrape, waits)]);
  await engine.untilRun("scrape", "all");
  over.resolve();
  await engine.untilRun("waits", "all");

  const { rows } = await engine.db.database.query(
    "select cpu_ms, peak_memory_bytes from headworks.v_runs where processor = 'scrape'",
  );
  expect(rows[0].cpu_ms).toBeGreaterThan(100);
  expect(rows[0].peak_memory_bytes).toBeGreaterThan(20_000_000);
});
