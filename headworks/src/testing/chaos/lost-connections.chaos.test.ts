// The database goes away under load: backends terminated every two seconds, the server stopped at once and started again.

import { setInterval as every } from "node:timers/promises";
import { expect, test } from "vitest";
import { openDatabase } from "../../store/database.ts";
import { openChaosRun, tell } from "./chaos-run.ts";
import { steadyNow } from "./operations.ts";
import { seconds, untilNextBegan } from "./recovery.ts";

const EVERY_MS = 2_000;

test("every backend terminated every two seconds: no task is lost, and no process ends", async () => {
  await using chaos = await openChaosRun();
  const fleet = await chaos.startFleet();
  chaos.producer.keepUp({ processor: "parcel", suffix: "m40", outstanding: 300 });
  const admin = openDatabase({ url: chaos.server.url, role: "admin", maxConnections: 1 });

  let terminated = 0;
  const strikes: number[] = [];
  for await (const _ of every(EVERY_MS)) {
    const { rows } = await admin.query<{ gone: number }>(
      "select count(pg_terminate_backend(pid)) as gone from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
    );
    strikes.push(steadyNow());
    terminated += Number(rows[0]?.gone);
    if (strikes.length === 8) break;
  }
  await admin.end();
  await chaos.watch.untilEnded(300);
  const pids = fleet.runnerPids();

  const figures = await chaos.expectAllWell();
  expect(pids).toHaveLength(2);
  expect(new Set(chaos.watch.operations.map((operation) => operation.pid)).size).toBe(2);
  const took = strikes.map((at) => untilNextBegan(chaos.watch.operations, at));
  tell(
    "all backends terminated every 2 s",
    `${terminated} backends`,
    figures,
    `the next run began after ${seconds(took)}`,
  );
});

test("PostgreSQL stopped at once and started again, five times: no task is lost, and no process ends", async () => {
  await using chaos = await openChaosRun();
  await chaos.startFleet();
  chaos.producer.keepUp({ processor: "parcel", suffix: "m40", outstanding: 300 });

  const back: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    await chaos.watch.untilEnded(300);
    await chaos.server.stopAtOnce();
    await chaos.server.startAgain();
    back.push(steadyNow());
  }
  await chaos.watch.untilEnded(300);

  const figures = await chaos.expectAllWell();
  expect(new Set(chaos.watch.operations.map((operation) => operation.pid)).size).toBe(2);
  const took = back.map((at) => untilNextBegan(chaos.watch.operations, at));
  tell("PostgreSQL stopped at once", figures, `a run began ${seconds(took)} after it was back`);
});
