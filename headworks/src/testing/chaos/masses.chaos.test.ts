// A hundred thousand tasks that come due within one second.

import { expect, test } from "vitest";
import { listWorkers } from "../../store/queue/workers.ts";
import { openChaosRun, tell } from "./chaos-run.ts";
import { seconds } from "./recovery.ts";

const TASKS = 100_000;
const AT_ONCE = 10_000;

test("a hundred thousand tasks due within one second all run, none twice, and no process grows without bound", async () => {
  await using chaos = await openChaosRun();
  await chaos.startFleet({ concurrency: 500 });
  const { database } = chaos;
  // Made while the queue is paused and put off until all are there: what counts is that they come due together.
  await database.query("update headworks.queues set paused_at = now() where name = 'parcels'");
  for (let made = 0; made < TASKS; made += AT_ONCE) await chaos.producer.make("parcel", AT_ONCE, "m0");
  const { rows } = await database.query<{ count: number }>(
    `with late as (
       update headworks.tasks set state = 'scheduled', due_at = now() + interval '5 s' + random() * interval '1 s'
       where processor = 'parcel' returning id)
     select count(*)::int4 as count from late`,
  );
  await database.query("update headworks.queues set paused_at = null where name = 'parcels'");

  let largest = 0;
  await chaos.watch.until(() =>
    chaos.watch.operations.find(
      (operation) => operation.kind === "began" && operation.output.startsWith("parcel"),
    ),
  );
  for (let ended = 0; ended < TASKS; ended += AT_ONCE) {
    await chaos.watch.untilEnded(AT_ONCE - 500);
    for (const worker of await listWorkers(database)) largest = Math.max(largest, worker.memory_bytes ?? 0);
  }

  const figures = await chaos.expectAllWell();
  expect(rows[0]?.count).toBe(TASKS);
  const began = chaos.watch.operations.filter(
    (operation) => operation.kind === "began" && operation.output.startsWith("parcel"),
  );
  expect(began).toHaveLength(TASKS);
  const at = began.map((operation) => operation.at).sort((a, b) => a - b);
  const took = (at.at(-1) ?? 0) - (at[0] ?? 0);
  tell(
    "100,000 due within one second",
    figures,
    `all had begun after ${seconds([took])}: ${Math.round(TASKS / (took / 1_000))} a second`,
    `the largest process had ${Math.round(largest / 1e6)} MB`,
  );
}, 300_000);
