// The model-based test of the task engine: random commands against the real store, compared with `domain/` after every one.

import fc from "fast-check";
import { test } from "vitest";
import { compileRegistry } from "../../define/compile/registry-of.ts";
import { processor } from "../../define/processor.ts";
import { queue } from "../../define/queue.ts";
import { openWorld, pipelineOf } from "../../testing/engine.ts";
import { enlist } from "../../testing/engine-claims.ts";
import { sweepUnreleased } from "../duties/sweeper.ts";
import { registerAndPlan } from "../planning/registration.ts";
import { commands } from "./task-commands.fixture.ts";
import { TaskModel } from "./task-model.fixture.ts";
import { NAMESPACE, openReal } from "./task-store.fixture.ts";

const RUNS = Number(process.env.HEADWORKS_MODEL_RUNS ?? 20);

// No duration is a whole number of the clock's ten minutes: nothing falls due, or gives up, at a moment that real time decides.
const retries = { minBackoff: "5m", maxBackoff: "25m", maxDoublings: 1, maxAttempts: 3 } as const;
const open = queue("open", retries);
const limited = queue("limited", { ...retries, maxConcurrentDispatches: 2 });
const times = {
  phase: "all",
  timeout: "35m",
  recheckEvery: "65m",
  giveUpAfter: "185m",
  run: () => undefined,
} as const;
const first = processor("first", { ...times, queue: open });
const second = processor("second", { ...times, queue: limited, needs: [first] });
const third = processor("third", { ...times, queue: open, needs: [first, second] });
const twin = processor("twin", { ...times, queue: limited });
const loner = processor("loner", { ...times, queue: limited });
const upstream = { second: ["first"], third: ["first", "second"] };

test("whatever is done to tasks, the store is where the model is", {
  timeout: 60_000 + RUNS * 10_000,
}, async () => {
  await using world = await openWorld([pipelineOf(first, second, third, twin, loner)]);
  const without = compileRegistry([pipelineOf(first, second, third, twin)], { environment: {}, sources: [] });
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 60, size: "max" }), async (drawn) => {
      await fc.asyncModelRun(async () => {
        const { database } = world.db;
        const real = await openReal(world, without);
        await registerAndPlan(database, world.registry, world.services.codeVersion, NAMESPACE);
        await sweepUnreleased(database, "prod");
        const model = new TaskModel(world.registry.processors.values(), upstream);
        for (let n = 0; n < 2; n++)
          model.workers.set(await enlist(world, { leaseMs: 3_600_000 }), { expired: false });
        return { model, real };
      }, drawn);
    }),
    { numRuns: RUNS },
  );
});
