// Tests of dynamic timeouts on a real engine: what history makes of them, and what a run that is ended by one says.

import { expect, test } from "vitest";
import { daily } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { noData } from "../../define/results.ts";
import { eager, pipelineOf, startEngine } from "../../testing/engine.ts";

const days = daily({ start: "2025-01-01", end: "2025-01-05" });
const DAYS = [1, 2, 3, 4, 5].map((day) => `2025-01-0${day}`);
const usually = {
  phase: "all",
  partitions: days,
  queue: eager,
  hardTimeout: "1h",
  dynamicTimeout: { floor: "100ms", samples: 5 },
} as const;

test("a run that takes far longer than its processor's usual ones is ended, and says by which limit", async () => {
  let hangs = false;
  const feed = processor("feed", {
    ...usually,
    async run(ctx) {
      if (!hangs) return;
      ctx.progress(42, 100);
      await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
    },
  });
  await using engine = await startEngine([pipelineOf(feed)]);
  await Promise.all(DAYS.map((day) => engine.untilRun("feed", day)));

  hangs = true;
  await engine.services.timeouts.refresh();
  await engine.request("feed", "2025-01-03", { forced: true });
  const ended = await engine.untilRun(
    "feed",
    "2025-01-03",
    ({ settlement }) => settlement.outcome === "timeout",
  );

  expect(ended.settlement).toMatchObject({ reason: "hard", usesAttempt: true });
  expect(ended.run.note).toMatch(
    /^no end after .+, at 42 of 100 \(its dynamic timeout: 3 × .+, the P95 of 5 successful runs, within 100ms to 1h\)$/,
  );
});

test("what is declared holds until there are enough successful runs, and empty ones don't count", async () => {
  const empty = processor("empty", { ...usually, run: () => noData("nothing played") });
  const young = processor("young", { ...usually, dynamicTimeout: { samples: 6 }, run: () => undefined });
  await using engine = await startEngine([pipelineOf(empty, young)]);
  await Promise.all(DAYS.flatMap((day) => [engine.untilRun("empty", day), engine.untilRun("young", day)]));

  const { timeouts } = engine.services;
  await timeouts.refresh();

  for (const name of ["empty", "young"]) {
    const compiled = engine.registry.processors.get(name);
    expect(compiled && timeouts.of(compiled)).toEqual({ ms: 3_600_000 });
  }
});
