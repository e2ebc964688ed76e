// The commands that the model test draws: each does something to the store by its own means, and the same to the model.

import fc from "fast-check";
import type { Expectation } from "../../domain/settlement/expectation.ts";
import type { RunReport } from "../../domain/settlement/settle.ts";
import { claimAlone, promoteDueTasks, requestTask, requeueClaims } from "../../store/queue/tasks.ts";
import { expireLeases, renewLeases } from "../../store/queue/workers.ts";
import { claim, enlist } from "../../testing/engine-claims.ts";
import { rescueOrphans } from "../duties/rescuer.ts";
import { sweepUnreleased } from "../duties/sweeper.ts";
import { uuidv7 } from "../ids.ts";
import { registerAndPlan } from "../planning/registration.ts";
import { settleGroup } from "../settlement/settle.ts";
import type { Ending, ModelClaim, TaskModel } from "./task-model.fixture.ts";
import { expectSame, idOf, NAMESPACE, passTime, type Real, remember, runOf } from "./task-store.fixture.ts";

type Step = (model: TaskModel, real: Real) => Promise<void>;
type Command = fc.AsyncCommand<TaskModel, Real>;

const GRID_MS = 600_000;

/** A command that is compared with the model when it is done. */
function command(name: string, step: Step): Command {
  return {
    check: () => true,
    async run(model, real) {
      await step(model, real);
      await expectSame(model, real);
    },
    toString: () => name,
  };
}

const at = <T>(items: readonly T[], pick: number): T | undefined => items[pick % Math.max(1, items.length)];
const workerAt = (model: TaskModel, pick: number) => at([...model.workers.keys()], pick);

const request = (name: string, forced: boolean) =>
  command(`request ${name}`, async (model, { world, ids }) => {
    if (model.output(name).retired) return;
    const outputId = idOf(ids, name);
    await requestTask(world.db.database, { outputId, forced, fromArchive: false, traceparent: "" });
    model.request(name);
  });

const claimSome = (pick: number, queue: string, limit: number) =>
  command(`worker ${pick} claims ${limit} of ${queue}`, async (model, real) => {
    const worker = workerAt(model, pick);
    if (worker === undefined) return;
    const claimed = await claim(real.world, worker, { queue, limit });
    remember(model, real, worker, queue, limit, false, claimed);
  });

const claimOneAlone = (pick: number, queue: string) =>
  command(`worker ${pick} claims one of ${queue} alone`, async (model, real) => {
    const worker = workerAt(model, pick);
    const compiled = real.world.registry.queues.get(queue);
    if (worker === undefined || compiled === undefined) return;
    const { services, db } = real.world;
    const claimed = await claimAlone(
      db.database,
      compiled,
      { worker, namespace: NAMESPACE, codeVersion: services.codeVersion },
      uuidv7(),
    );
    remember(model, real, worker, queue, 1, true, claimed === undefined ? [] : [claimed]);
  });

/** Settles what any worker was ever told of, the latest most often: held, settled before, or taken over since. */
const settleSome = (picks: readonly number[], ending: Ending) =>
  command(
    `settle the claims ${picks.join(", ")} from the last as ${JSON.stringify(ending)}`,
    async (model, real) => {
      const latest = model.claims.toReversed();
      const first = at(latest, picks[0] ?? 0);
      if (first === undefined) return;
      const others = picks.slice(1).flatMap((pick) => at(latest, pick) ?? []);
      const ofOneWorker = [first, ...others].filter((each) => each.worker === first.worker);
      const group = [...new Map(ofOneWorker.map((each) => [each.output, each])).values()];
      await settleGroup(
        real.world.db.database,
        real.settler(first.worker, ending.random),
        group.map((each) => runOf(model, real, each, ending)),
      );
      model.settle(group.map((each) => ({ claim: each, ending })));
    },
  );

const expire = (pick: number) =>
  command(`the lease of worker ${pick} ends`, async (model, { world }) => {
    const worker = workerAt(model, pick);
    if (worker === undefined) return;
    await expireLeases(world.db.database, [worker]);
    model.workers.set(worker, { expired: true });
  });

const renew = (pick: number) =>
  command(`worker ${pick} renews its lease`, async (model, { world }) => {
    const worker = workerAt(model, pick);
    if (worker === undefined) return;
    await renewLeases(world.db.database, [worker], 3_600_000);
    model.workers.set(worker, { expired: false });
  });

const rescue = (random: number, areStuck: boolean) =>
  command(areStuck ? "rescue of what was killed as stuck" : "rescue", async (model, { world }) => {
    const expired = [...model.workers].filter(([, { expired }]) => expired).map(([id]) => id);
    const stuck = new Set(areStuck ? expired : []);
    await rescueOrphans(world.db.database, {
      namespace: NAMESPACE,
      registry: world.registry,
      stuck,
      random: () => random,
    });
    for (const worker of expired) {
      const endings = model
        .tasks("running")
        .filter(({ task }) => task.worker === worker)
        .map(({ name, processor, task }) => {
          const isOver = task.claimedAt + processor.hardTimeoutMs <= model.now;
          const whenStuck: RunReport = isOver
            ? { kind: "timed_out", reason: "hard" }
            : { kind: "abandoned", alone: task.alone };
          const report = areStuck ? whenStuck : ({ kind: "crashed", alone: task.alone } as const);
          const held: ModelClaim = { output: name, worker, runId: task.runId ?? "", attempt: task.attempt };
          return { claim: held, ending: { report, expectation: { kind: "unknown" } as const, random } };
        });
      model.settle(endings);
      model.workers.delete(worker);
    }
  });

/** A run is taken over: its worker's lease ends, it is abandoned, and another claims it. Only then does the first one settle. */
const comeBack = (pick: number, ending: Ending) =>
  command(
    `the claim ${pick} is taken over and settles too late as ${JSON.stringify(ending)}`,
    async (model, real) => {
      const running = model.tasks("running").filter(({ task }) => model.isLive(task.worker ?? ""));
      const held = model.claims.find((each) => each.runId === at(running, pick)?.task.runId);
      if (held === undefined) return;
      await expire([...model.workers.keys()].indexOf(held.worker)).run(model, real);
      await rescue(ending.random, true).run(model, real);
      await register.run(model, real);
      const { name } = model.output(held.output).processor.queue;
      await claimSome(model.workers.size - 1, name, 3).run(model, real);
      await settleSome([model.claims.toReversed().indexOf(held)], ending).run(model, real);
    },
  );

const loseAnswer = (pick: number) =>
  command(`the answer to the claim ${pick} from the last was lost`, async (model, { world }) => {
    const lost = at(model.claims.toReversed(), pick);
    if (lost === undefined) return;
    await requeueClaims(world.db.database, lost.worker, [lost.runId]);
    const { task } = model.output(lost.output);
    if (task === undefined || !model.holds(lost)) return;
    model.wake(task);
    task.attempt -= 1;
    model.claims.splice(model.claims.indexOf(lost), 1);
  });

const pass = (steps: number) =>
  command(`${steps * 10} minutes pass`, async (model, { world }) => {
    await passTime(world.db.database, steps * GRID_MS);
    model.now += steps * GRID_MS;
  });

const promote = command("promote what is due", async (model, { world }) => {
  await promoteDueTasks(world.db.database, NAMESPACE, 100);
  const early = [...model.tasks("scheduled"), ...model.tasks("waiting")];
  for (const { task } of early.filter(({ task }) => task.dueAt <= model.now)) model.wake(task);
});

const sweep = command("sweep", async (model, { world }) => {
  await sweepUnreleased(world.db.database, "prod");
  model.release(model.outputs.keys());
});

const register = command("a worker registers", async (model, { world }) => {
  if (model.workers.size < 3)
    model.workers.set(await enlist(world, { leaseMs: 3_600_000 }), { expired: false });
});

/** The processor `loner` leaves the configuration, or comes back. */
const configure = (isRetired: boolean) =>
  command(isRetired ? "retire loner" : "register loner again", async (model, { world, without }) => {
    const { codeVersion } = world.services;
    const registry = isRetired ? without : world.registry;
    await registerAndPlan(world.db.database, registry, codeVersion, NAMESPACE);
    await sweepUnreleased(world.db.database, "prod");
    const loner = model.output("loner");
    if (isRetired && !loner.retired && loner.task?.state !== "running") loner.task = undefined;
    loner.retired = isRetired;
    model.release(model.outputs.keys());
  });

const aReport: fc.Arbitrary<RunReport> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("returned" as const),
      records: fc.nat(4),
      rejected: fc.constantFrom(0, 0, 0, 9),
      declaredEmpty: fc.boolean(),
    }),
  },
  fc.constantFrom<RunReport>(
    { kind: "unchanged" },
    { kind: "dependency_missing", reason: "declared" },
    { kind: "dependency_missing", reason: "declared", waitsFor: { processor: "first", partition: "all" } },
    { kind: "dependency_missing", reason: "quota_exhausted", retryAfterMs: 95 * 60_000 },
    { kind: "invalid" },
    { kind: "timed_out", reason: "hard" },
    { kind: "timed_out", reason: "stalled" },
    { kind: "threw" },
    { kind: "threw", retryAfterMs: 45 * 60_000 },
    { kind: "abandoned", alone: false },
  ),
);
const anExpectation = fc.constantFrom<Expectation>(
  { kind: "unknown" },
  { kind: "known", range: { min: 2, max: 3 } },
  { kind: "unanswered", waitsFor: { processor: "second", partition: "all" } },
);
const aRandom = fc.constantFrom(0, 0.5, 0.8);
const anEnding = fc.record({ report: aReport, expectation: anExpectation, random: aRandom });
const aWorker = fc.nat(2);
const aQueue = fc.constantFrom("open", "limited");
const aName = fc.constantFrom("first", "second", "third", "loner", "twin");

export const commands = [
  fc.tuple(aName, fc.boolean()).map((args) => request(...args)),
  fc.tuple(aWorker, aQueue, fc.integer({ min: 1, max: 3 })).map((args) => claimSome(...args)),
  fc.tuple(aWorker, aQueue, fc.integer({ min: 1, max: 3 })).map((args) => claimSome(...args)),
  fc.tuple(aWorker, aQueue).map((args) => claimOneAlone(...args)),
  fc.tuple(fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }), anEnding).map((args) => settleSome(...args)),
  fc
    .tuple(
      fc.nat(12).map((pick) => [pick]),
      anEnding,
    )
    .map((args) => settleSome(...args)),
  aWorker.map(expire),
  aWorker.map(renew),
  fc.tuple(aRandom, fc.boolean()).map((args) => rescue(...args)),
  fc.tuple(fc.nat(4), anEnding).map((args) => comeBack(...args)),
  fc.nat(3).map(loseAnswer),
  fc.integer({ min: 1, max: 9 }).map(pass),
  fc.constant(promote),
  fc.constant(sweep),
  fc.constant(register),
  fc.boolean().map(configure),
];
