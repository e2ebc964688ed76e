// Tests of maxRetryDuration by the instants that the store keeps, so that neither a wait nor a worker's clock matters.

import { expect, test } from "vitest";
import { processor } from "../../define/processor.ts";
import { queue } from "../../define/queue.ts";
import { openWorld, pipelineOf, type World } from "../../testing/engine.ts";
import { claim, enlist, returned, settleRuns } from "../../testing/engine-claims.ts";
import { readOutput } from "../../testing/engine-ledger.ts";

const persistent = queue("persistent", { maxAttempts: 2, maxRetryDuration: "1h", minBackoff: "1s" });
const feed = processor("feed", { phase: "all", queue: persistent, run: () => undefined });

async function fail(world: World, worker: string): Promise<void> {
  await world.db.database.query("update headworks.tasks set state = 'ready' where state = 'scheduled'");
  const [task] = await claim(world, worker, { queue: "persistent" });
  if (task === undefined) throw new Error("there was nothing to claim");
  await settleRuns(world, worker, [returned(world, task, { report: { kind: "threw" } })]);
}

test("a task is tried past maxAttempts until an attempt begins maxRetryDuration after the first", async () => {
  await using world = await openWorld([pipelineOf(feed)]);
  const worker = await enlist(world);
  for (let attempt = 1; attempt <= 3; attempt++) await fail(world, worker);
  expect(await readOutput(world.db.database, "feed", "all")).toMatchObject({
    task: "scheduled",
    attempts_used: 3,
  });

  await world.db.database.query(
    "update headworks.tasks set first_claimed_at = first_claimed_at - interval '1 hour'",
  );
  await fail(world, worker);
  expect(await readOutput(world.db.database, "feed", "all")).toMatchObject({
    status: "failed",
    task: "failed",
    attempts_used: 4,
  });
});
