// The short version of the chaos tests, for every run of the tests: one fire in which everything happens once.

import { expect, test } from "vitest";
import { openFire, strike, tell } from "./fire.ts";
import { readClaims } from "./history.ts";
import { PACE } from "./load-limits.ts";
import { findWorstWindow, mostExcess } from "./windows.ts";

test("a killed runner, terminated backends and a stopped PostgreSQL lose no task, settle none twice and exceed no limit", async () => {
  await using fire = await openFire();
  const fleet = await fire.startFleet({ concurrency: 8 });
  await fire.producer.make("paced_parcel", 200);
  fire.producer.keepUp({ processor: "parcel", outstanding: 100 });

  await fire.watch.untilEnded(200);
  strike(await fleet.busyRunner(), "SIGKILL");
  await fire.watch.untilEnded(100);
  await fire.database.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
  );
  await fire.watch.untilEnded(100);
  await fire.server.stopAtOnce();
  await fire.server.startAgain();
  await fire.watch.untilEnded(100);
  // The runner in place of the killed one has its share of the work, which goes on for as long as that takes.
  const pids = () => new Set(fire.watch.deeds.map((deed) => deed.pid)).size;
  await expect.poll(pids, { timeout: 60_000 }).toBeGreaterThan(2);

  const figures = await fire.expectAllWell();
  const worst = findWorstWindow(await readClaims(fire.database, "paced_parcel"), PACE.perSecond);
  expect(worst?.excess).toBeLessThanOrEqual(mostExcess(PACE));
  tell("all at once, in short", figures);
});
