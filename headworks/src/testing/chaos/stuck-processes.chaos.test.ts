// Processes that live and don't answer: frozen past their lease and woken again, and held up by a handler in a busy loop.

import { expect, test } from "vitest";
import { steadyNow } from "./deeds.ts";
import { openFire, strike, tell } from "./fire.ts";
import { readHistory } from "./history.ts";
import { seconds, untilRunAgain } from "./recovery.ts";

test("a fleet frozen past its lease and woken again settles nothing that is another's now, and goes on", async () => {
  await using fire = await openFire();
  const frozen = await fire.startFleet({ runners: 1 });
  fire.producer.keepUp({ processor: "parcel", suffix: "m400", outstanding: 200 });
  await fire.watch.untilEnded(100);
  const runner = await frozen.busyRunner();

  // Its supervisor renews the lease of a runner that doesn't answer: both must be silent.
  strike(frozen.pid, "SIGSTOP");
  const at = strike(runner, "SIGSTOP");
  const held = fire.watch.underWay(runner).map((deed) => deed.output);
  await fire.startFleet({ runners: 1 });
  await fire.watch.until(() => held.every((output) => fire.watch.endedOutputs.has(output)) || undefined);
  const wokenAt = strike(runner, "SIGCONT");
  // What it had under way comes to its end there too, before its supervisor can tell it that its lease is lost.
  const stale = await fire.watch.until(() => {
    const late = fire.watch.deeds.filter(
      (deed) => deed.pid === runner && deed.kind === "ended" && deed.at > wokenAt,
    );
    return late.length >= held.length ? late : undefined;
  });
  strike(frozen.pid, "SIGCONT");
  const again = await fire.watch.until(() =>
    fire.watch.deeds.find((deed) => deed.pid === runner && deed.kind === "began" && deed.at > wokenAt),
  );

  const figures = await fire.expectAllWell();
  const { runs } = await readHistory(fire.database);
  const outcomes = new Map(runs.map((run) => [run.id, run.outcome]));
  expect(held.length).toBeGreaterThan(0);
  expect(stale.filter((deed) => outcomes.get(deed.run) === "success")).toEqual([]);
  tell(
    "a fleet frozen past its lease",
    figures,
    `${stale.length} stale settlements refused`,
    `what it held had run again after ${seconds([untilRunAgain(fire.watch.deeds, new Set([runner]), at)])}`,
    `it took up work ${seconds([again.at - wokenAt])} after it was woken`,
  );
});

test("a handler in a busy loop is ended at its hard timeout, and its neighbors lose no attempt", async () => {
  await using fire = await openFire();
  await fire.startFleet();
  fire.producer.keepUp({ processor: "neighbor", suffix: "m400", outstanding: 200 });
  await fire.watch.untilEnded(100);

  const took: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const since = steadyNow();
    await fire.producer.make("spin", 1);
    await fire.watch.until(() =>
      fire.watch.deeds.find(
        (deed) => deed.output.startsWith("spin[") && deed.kind === "ended" && deed.at > since,
      ),
    );
    took.push(steadyNow() - since);
  }
  await fire.watch.untilEnded(100);

  const figures = await fire.expectAllWell();
  const { runs } = await readHistory(fire.database);
  const reasons = (processor: string) =>
    runs
      .filter((run) => run.output.startsWith(`${processor}[`) && run.outcome !== "success")
      .map((run) => run.reason);
  expect(reasons("spin")).toEqual(["hard", "hard", "hard"]);
  expect(new Set(reasons("neighbor"))).toEqual(new Set(["released"]));
  tell(
    "a handler in a busy loop, three times",
    figures,
    `${reasons("neighbor").length} neighbors released, none of which had more than one attempt`,
    `the looping task was done after ${seconds(took)}`,
  );
});
