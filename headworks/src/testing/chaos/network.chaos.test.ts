// The network between the fleet and its database: it breaks, is slow, is gone for a while, and forgets connections.

import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { openProxy } from "../proxy.ts";
import { steadyNow } from "./deeds.ts";
import { openFire, tell } from "./fire.ts";
import { seconds, untilNextBegan } from "./recovery.ts";

const SLOW_MS = 150;
const GONE_FOR_MS = 20_000;

test("a network that breaks, is slow, is gone past the leases, and forgets every connection loses no task", async () => {
  await using fire = await openFire();
  await using proxy = await openProxy(fire.server.url);
  const fleet = await fire.startFleet({ url: proxy.url });
  fire.producer.keepUp({ processor: "parcel", suffix: "m40", outstanding: 300 });
  await fire.watch.untilEnded(300);

  const broke: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    proxy.breakAll();
    broke.push(steadyNow());
    await fire.watch.untilEnded(200);
  }

  proxy.delay(SLOW_MS);
  await fire.watch.untilEnded(300);
  proxy.fix();

  proxy.cut();
  await delay(GONE_FOR_MS);
  proxy.fix();
  const back = steadyNow();
  await fire.watch.untilEnded(300);

  proxy.fallSilent();
  const forgotten = steadyNow();
  await fire.watch.until(() =>
    fire.watch.deeds.find((deed) => deed.kind === "began" && deed.at > forgotten + GONE_FOR_MS),
  );
  await fire.watch.untilEnded(300);

  const figures = await fire.expectAllWell();
  expect(fleet.runnerPids()).toEqual([]);
  expect(new Set(fire.watch.deeds.map((deed) => deed.pid)).size).toBe(2);
  const { deeds } = fire.watch;
  const after = deeds.filter((deed) => deed.kind === "began" && deed.at > forgotten + GONE_FOR_MS);
  tell(
    "a network that misbehaves",
    figures,
    `broken five times: the next run began after ${seconds(broke.map((at) => untilNextBegan(deeds, at)))}`,
    `gone for 20 s: a run began ${seconds([untilNextBegan(deeds, back)])} after it was back`,
    `every connection forgotten: work went on ${seconds([(after[0]?.at ?? Number.NaN) - forgotten])} later`,
  );
}, 300_000);
