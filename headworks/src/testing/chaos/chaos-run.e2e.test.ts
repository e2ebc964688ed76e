// The short version of the chaos tests, for every run of the tests: one chaos run in which everything happens once.

import { expect, test } from "vitest";
import { openChaosRun, strike, tell } from "./chaos-run.ts";
import { readClaims } from "./history.ts";
import { PACE } from "./load-limits.ts";
import { findWorstWindow, mostExcess } from "./windows.ts";

test("a killed runner, terminated backends and a stopped PostgreSQL lose no task, settle none twice and exceed no limit", async () => {
  await using chaos = await openChaosRun();
  const fleet = await chaos.startFleet({ concurrency: 8 });
  await chaos.producer.make("paced_parcel", 200);
  chaos.producer.keepUp({ processor: "parcel", outstanding: 100 });

  await chaos.watch.untilEnded(200);
  strike(await fleet.busyRunner(), "SIGKILL");
  await chaos.watch.untilEnded(100);
  await chaos.database.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
  );
  await chaos.watch.untilEnded(100);
  await chaos.server.stopAtOnce();
  await chaos.server.startAgain();
  await chaos.watch.untilEnded(100);
  // The runner in place of the killed one has its share of the work, which goes on for as long as that takes.
  const pids = () => new Set(chaos.watch.operations.map((operation) => operation.pid)).size;
  await expect.poll(pids, { timeout: 60_000 }).toBeGreaterThan(2);

  const figures = await chaos.expectAllWell();
  const worst = findWorstWindow(await readClaims(chaos.database, "paced_parcel"), PACE.perSecond);
  expect(worst?.excess).toBeLessThanOrEqual(mostExcess(PACE));
  tell("all at once, in short", figures);
});
