// Tests that a process goes by the database's clock, whatever its own says.

import { afterEach, expect, test, vi } from "vitest";
import { hourly } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { dependencyMissing } from "../../define/results.ts";
import { openWorld, pipelineOf } from "../../testing/engine.ts";
import { claim, enlist, returned, settleRuns } from "../../testing/engine-claims.ts";
import { readNumber, readOutput } from "../../testing/engine-ledger.ts";

const DAY_MS = 86_400_000;

afterEach(() => void vi.restoreAllMocks());

function clockIsOffBy(milliseconds: number): void {
  const realNow = Date.now;
  vi.spyOn(Date, "now").mockImplementation(() => realNow() + milliseconds);
}

test("a worker whose clock is days ahead doesn't give up on what has only begun to wait", async () => {
  const feed = processor("feed", {
    phase: "all",
    giveUpAfter: "1d",
    run: () => dependencyMissing("not yet"),
  });
  await using world = await openWorld([pipelineOf(feed)]);
  const worker = await enlist(world);
  clockIsOffBy(7 * DAY_MS);
  const report = { kind: "dependency_missing", reason: "declared" } as const;

  for (let attempt = 1; attempt <= 2; attempt += 1) {
    const [task] = await claim(world, worker);
    if (task === undefined) throw new Error("there was nothing to claim");
    await settleRuns(world, worker, [returned(world, task, { report })]);
    expect(await readOutput(world.db.database, "feed", "all")).toMatchObject({ task: "waiting" });
    await world.db.database.query("update headworks.tasks set state = 'ready'");
  }
});

test("nor does it plan what isn't there yet", async () => {
  const start = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
  const feed = processor("feed", { phase: "all", partitions: hourly({ start }), run: () => undefined });
  clockIsOffBy(7 * DAY_MS);

  await using world = await openWorld([pipelineOf(feed)]);

  const ahead = "select count(*) from headworks.outputs where opens_at > now()";
  expect(await readNumber(world.db.database, "select count(*) from headworks.outputs")).toBeGreaterThan(20);
  expect(await readNumber(world.db.database, ahead)).toBe(0);
});
