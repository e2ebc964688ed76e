// Processes that live and don't answer: frozen past their lease and woken again, and held up by a handler in a busy loop.

import { expect, test } from "vitest";
import { openChaosRun, strike, tell } from "./chaos-run.ts";
import { readHistory } from "./history.ts";
import { steadyNow } from "./operations.ts";
import { seconds, untilRunAgain } from "./recovery.ts";

test("a fleet frozen past its lease and woken again settles nothing that is another's now, and goes on", async () => {
  await using chaos = await openChaosRun();
  const frozen = await chaos.startFleet({ runners: 1 });
  chaos.producer.keepUp({ processor: "parcel", suffix: "m400", outstanding: 200 });
  await chaos.watch.untilEnded(100);
  const runner = await frozen.busyRunner();

  // Its supervisor renews the lease of a runner that doesn't answer: both must be silent.
  strike(frozen.pid, "SIGSTOP");
  const at = strike(runner, "SIGSTOP");
  const held = chaos.watch.underWay(runner).map((operation) => operation.output);
  await chaos.startFleet({ runners: 1 });
  await chaos.watch.until(() => held.every((output) => chaos.watch.endedOutputs.has(output)) || undefined);
  const wokenAt = strike(runner, "SIGCONT");
  // What it had under way comes to its end there too, before its supervisor can tell it that its lease is lost.
  const stale = await chaos.watch.until(() => {
    const late = chaos.watch.operations.filter(
      (operation) => operation.pid === runner && operation.kind === "ended" && operation.at > wokenAt,
    );
    return late.length >= held.length ? late : undefined;
  });
  strike(frozen.pid, "SIGCONT");
  const again = await chaos.watch.until(() =>
    chaos.watch.operations.find(
      (operation) => operation.pid === runner && operation.kind === "began" && operation.at > wokenAt,
    ),
  );

  const figures = await chaos.expectAllWell();
  const { runs } = await readHistory(chaos.database);
  const outcomes = new Map(runs.map((run) => [run.id, run.outcome]));
  expect(held.length).toBeGreaterThan(0);
  expect(stale.filter((operation) => outcomes.get(operation.run) === "success")).toEqual([]);
  tell(
    "a fleet frozen past its lease",
    figures,
    `${stale.length} stale settlements refused`,
    `what it held had run again after ${seconds([untilRunAgain(chaos.watch.operations, new Set([runner]), at)])}`,
    `it took up work ${seconds([again.at - wokenAt])} after it was woken`,
  );
});

test("a handler in a busy loop is ended at its hard timeout, and its neighbors lose no attempt", async () => {
  await using chaos = await openChaosRun();
  await chaos.startFleet();
  chaos.producer.keepUp({ processor: "neighbor", suffix: "m400", outstanding: 200 });
  await chaos.watch.untilEnded(100);

  const took: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const since = steadyNow();
    await chaos.producer.make("spin", 1);
    await chaos.watch.until(() =>
      chaos.watch.operations.find(
        (operation) =>
          operation.output.startsWith("spin[") && operation.kind === "ended" && operation.at > since,
      ),
    );
    took.push(steadyNow() - since);
  }
  await chaos.watch.untilEnded(100);

  const figures = await chaos.expectAllWell();
  const { runs } = await readHistory(chaos.database);
  const reasons = (processor: string) =>
    runs
      .filter((run) => run.output.startsWith(`${processor}[`) && run.outcome !== "success")
      .map((run) => run.reason);
  expect(reasons("spin")).toEqual(["hard", "hard", "hard"]);
  expect(new Set(reasons("neighbor"))).toEqual(new Set(["abandoned"]));
  tell(
    "a handler in a busy loop, three times",
    figures,
    `${reasons("neighbor").length} neighbors released, none of which had more than one attempt`,
    `the looping task was done after ${seconds(took)}`,
  );
});
