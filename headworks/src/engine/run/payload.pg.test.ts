// Tests of payloads on a real engine: a handler gets what was handed over, whole, at every run until another is.

import { expect, test } from "vitest";
import { processor } from "../../define/processor.ts";
import { MAX_PAYLOAD_BYTES } from "../../domain/dispatch/payload.ts";
import { findOutput } from "../../store/ledger/planning.ts";
import { savePayload } from "../../store/queue/payloads.ts";
import { pipelineOf, startEngine } from "../../testing/engine.ts";

test("a run gets its payload, a repetition gets it again, and a new one replaces it", async () => {
  const got: unknown[] = [];
  const feed = processor("feed", {
    phase: "all",
    async run(ctx) {
      got.push(await ctx.payload());
    },
  });
  await using engine = await startEngine([pipelineOf(feed)]);
  const { database } = engine.db;
  await engine.untilRun("feed", "all");
  const output = await findOutput(database, "prod", "feed", "all");
  const ids = [output?.id ?? 0];
  const runs = (count: number) =>
    engine.untilRun(
      "feed",
      "all",
      () => engine.settled.filter((run) => run.run.task.processor === "feed").length >= count,
    );

  const largest = "x".repeat(MAX_PAYLOAD_BYTES - '{"n":1.5e300,"s":""}'.length);
  await savePayload(database, ids, `{"n":1.5e300,"s":"${largest}"}`);
  await engine.request("feed");
  await runs(2);
  await engine.request("feed");
  await runs(3);
  await savePayload(database, ids, "[1, 2]");
  await engine.request("feed");
  await runs(4);

  expect(got).toEqual([undefined, { n: 1.5e300, s: largest }, { n: 1.5e300, s: largest }, [1, 2]]);
});
