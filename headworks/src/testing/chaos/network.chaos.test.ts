// The network between the fleet and its database: it breaks, is slow, is gone for a while, and forgets connections.

import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { openProxy } from "../proxy.ts";
import { openChaosRun, tell } from "./chaos-run.ts";
import { steadyNow } from "./operations.ts";
import { seconds, untilNextBegan } from "./recovery.ts";

const SLOW_MS = 150;
const GONE_FOR_MS = 20_000;

test("a network that breaks, is slow, is gone past the leases, and forgets every connection loses no task", async () => {
  await using chaos = await openChaosRun();
  await using proxy = await openProxy(chaos.server.url);
  const fleet = await chaos.startFleet({ url: proxy.url });
  chaos.producer.keepUp({ processor: "parcel", suffix: "m40", outstanding: 300 });
  await chaos.watch.untilEnded(300);

  const broke: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    proxy.breakAll();
    broke.push(steadyNow());
    await chaos.watch.untilEnded(200);
  }

  proxy.delay(SLOW_MS);
  await chaos.watch.untilEnded(300);
  proxy.fix();

  proxy.cut();
  await delay(GONE_FOR_MS);
  proxy.fix();
  const back = steadyNow();
  await chaos.watch.untilEnded(300);

  proxy.fallSilent();
  const forgotten = steadyNow();
  await chaos.watch.until(() =>
    chaos.watch.operations.find(
      (operation) => operation.kind === "began" && operation.at > forgotten + GONE_FOR_MS,
    ),
  );
  await chaos.watch.untilEnded(300);

  const figures = await chaos.expectAllWell();
  expect(fleet.runnerPids()).toEqual([]);
  expect(new Set(chaos.watch.operations.map((operation) => operation.pid)).size).toBe(2);
  const { operations } = chaos.watch;
  const after = operations.filter(
    (operation) => operation.kind === "began" && operation.at > forgotten + GONE_FOR_MS,
  );
  tell(
    "a network that misbehaves",
    figures,
    `broken five times: the next run began after ${seconds(broke.map((at) => untilNextBegan(operations, at)))}`,
    `gone for 20 s: a run began ${seconds([untilNextBegan(operations, back)])} after it was back`,
    `every connection forgotten: work went on ${seconds([(after[0]?.at ?? Number.NaN) - forgotten])} later`,
  );
}, 300_000);
