// Tests of what a rescuer takes over: whatever nobody else has in hand.

import { expect, test } from "vitest";
import { processor } from "../../define/processor.ts";
import { NAMESPACE, openWorld, pipelineOf } from "../../testing/engine.ts";
import { claim, enlist } from "../../testing/engine-claims.ts";
import { transaction } from "../database.ts";
import { lockOrphanedTasks } from "./workers.ts";

const names = ["a", "b", "c", "d"];

test("orphans that another has in hand don't keep the rescuer from those behind them", async () => {
  await using world = await openWorld([
    pipelineOf(...names.map((name) => processor(name, { phase: "all", run: () => undefined }))),
  ]);
  const { database } = world.db;
  const dead = await enlist(world);
  const tasks = await claim(world, dead);
  await database.query("update headworks.workers set lease_expires_at = '-infinity' where id = $1", [dead]);
  const ids = tasks.map((task) => task.id).sort((a, b) => a - b);

  const rescued = await transaction(database, async (another) => {
    await another.query("select from headworks.tasks where id = any ($1) for update", [ids.slice(0, 2)]);
    return transaction(database, (rescuer) => lockOrphanedTasks(rescuer, NAMESPACE, 2, names));
  });

  expect(ids).toHaveLength(4);
  expect(rescued.map((task) => task.id)).toEqual(ids.slice(2));
});
