// kill -9 under load: of runners, and of the supervisor with everything that it has started.

import { expect, test } from "vitest";
import { openChaosRun, strike, tell } from "./chaos-run.ts";
import { seconds, untilRunAgain } from "./recovery.ts";

test("kill -9 of runners loses no task, and what they held runs again", async () => {
  await using chaos = await openChaosRun();
  const fleet = await chaos.startFleet();
  chaos.producer.keepUp({ processor: "parcel", suffix: "m40", outstanding: 300 });

  const kills: { at: number; pid: number }[] = [];
  for (let round = 0; round < 5; round += 1) {
    await chaos.watch.untilEnded(300);
    const pid = await fleet.busyRunner();
    kills.push({ at: strike(pid, "SIGKILL"), pid });
  }
  await chaos.watch.untilEnded(300);

  const figures = await chaos.expectAllWell();
  const took = kills.map(({ at, pid }) => untilRunAgain(chaos.watch.operations, new Set([pid]), at));
  expect(new Set(kills.map((kill) => kill.pid)).size).toBe(5);
  tell("kill -9 of a runner", figures, `what it held had run again after ${seconds(took)}`);
});

test("kill -9 of a supervisor and its runners: the next fleet takes over everything", async () => {
  await using chaos = await openChaosRun();
  chaos.producer.keepUp({ processor: "parcel", suffix: "m40", outstanding: 300 });

  const kills: { at: number; pids: Set<number> }[] = [];
  for (let round = 0; round < 3; round += 1) {
    const fleet = await chaos.startFleet();
    await chaos.watch.untilEnded(300);
    await fleet.busyRunner();
    const pids = new Set(fleet.runnerPids());
    const at = strike(fleet.pid, "SIGKILL");
    // In one round the runners notice by themselves that nobody watches over them.
    if (round > 0) for (const pid of pids) strike(pid, "SIGKILL");
    kills.push({ at, pids });
    await fleet.ended;
  }
  await chaos.startFleet();
  await chaos.watch.untilEnded(300);

  const figures = await chaos.expectAllWell();
  const took = kills.map(({ at, pids }) => untilRunAgain(chaos.watch.operations, pids, at));
  tell(
    "kill -9 of a supervisor and its runners",
    figures,
    `what they held had run again after ${seconds(took)}`,
  );
});
