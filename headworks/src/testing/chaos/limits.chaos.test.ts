// Eight processes on one limit, of a queue and of a source; everything is killed and started again in the middle.

import { once } from "node:events";
import { createServer } from "node:http";
import { expect, test } from "vitest";
import { transaction } from "../../store/database.ts";
import { pauseQueue, resumeQueue } from "../../store/queue/queues.ts";
import { addTasks, findOutputs } from "../../store/queue/tasks-by-hand.ts";
import { type ChaosRun, type FleetSettings, openChaosRun, strike, tell } from "./chaos-run.ts";
import { readClaims } from "./history.ts";
import { BACKFILL, PACE, REQUESTS } from "./load-limits.ts";
import { steadyNow } from "./operations.ts";
import { findWorstWindow, mostExcess, usedShare } from "./windows.ts";

const EIGHT: FleetSettings = { runners: 8, concurrency: 10 };
/** What the partitions of a lane end in. */
const BACKFILLED = "b";
const LIVE = "l";
/** A request may be late on its way by so much, and the next one not: the server sees them closer together. */
const ON_ITS_WAY_MS = 250;

test("in every window, eight processes claim no more of a queue than rate × window + burst, also across a restart of everything", async () => {
  await using chaos = await openChaosRun();
  const fleet = await chaos.startFleet(EIGHT);
  await chaos.producer.make("paced_parcel", 900);

  await chaos.watch.untilEnded(400);
  await restartEverything(chaos, fleet.pid, fleet.runnerPids());

  const figures = await chaos.expectAllWell();
  const claims = await readClaims(chaos.database, "paced_parcel");
  const worst = findWorstWindow(claims, PACE.perSecond);
  expect(worst?.excess).toBeLessThanOrEqual(mostExcess(PACE));
  tell(
    "8 processes on one queue",
    figures,
    `worst window: ${worst?.excess.toFixed(3)} beyond its rate where ${PACE.burst} are granted`,
    `${(usedShare(claims, PACE.perSecond) * 100).toFixed(1)} % of the rate, with the restart in it`,
  );
});

test("in every window, eight processes claim no more of a lane than its rate × window + burst, and live doesn't wait for it", async () => {
  await using chaos = await openChaosRun();
  const fleet = await chaos.startFleet(EIGHT);
  await pauseQueue(chaos.database, "laned");
  await chaos.producer.make("laned_parcel", 600, BACKFILLED);
  await putInLane(chaos, "backfill");
  await chaos.producer.make("laned_parcel", 100, LIVE);
  await resumeQueue(chaos.database, "laned");

  await chaos.watch.untilEnded(300);
  await restartEverything(chaos, fleet.pid, fleet.runnerPids());

  const figures = await chaos.expectAllWell();
  const lane = await readClaims(chaos.database, "laned_parcel", BACKFILLED);
  const live = await readClaims(chaos.database, "laned_parcel", LIVE);
  const worst = findWorstWindow(lane, BACKFILL.perSecond);
  expect(worst?.excess).toBeLessThanOrEqual(mostExcess(BACKFILL));
  const behind = lane.filter((at) => at > Math.max(...live)).length;
  expect(behind).toBeGreaterThan(lane.length / 2);
  tell(
    "8 processes on one lane",
    figures,
    `worst window: ${worst?.excess.toFixed(3)} beyond its rate where ${BACKFILL.burst} are granted`,
    `${behind} of ${lane.length} were claimed after the last of ${live.length} live ones, which came later`,
  );
});

test("in every window, a source sees no more requests of eight processes than its rate × window + burst", async () => {
  const arrivalsUs: number[] = [];
  const server = createServer((_request, response) => {
    arrivalsUs.push(steadyNow() * 1_000);
    response.end("ok");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the source has no port");
  await using chaos = await openChaosRun();
  const settings = { ...EIGHT, env: { HEADWORKS_CHAOS_SOURCE: `http://127.0.0.1:${address.port}` } };
  const fleet = await chaos.startFleet(settings);
  await chaos.producer.make("call", 600);

  await chaos.watch.untilEnded(250);
  await restartEverything(chaos, fleet.pid, fleet.runnerPids(), settings);

  const figures = await chaos.expectAllWell();
  server.close();
  server.closeAllConnections();
  const worst = findWorstWindow(arrivalsUs, REQUESTS.perSecond);
  const jitter = (REQUESTS.perSecond * ON_ITS_WAY_MS) / 1_000;
  expect(worst?.excess).toBeLessThanOrEqual(REQUESTS.burst + jitter);
  tell(
    "8 processes on one source",
    figures,
    `worst window: ${worst?.excess.toFixed(3)} beyond its rate where ${REQUESTS.burst} are granted`,
    `${arrivalsUs.length} requests`,
  );
});

/** Puts all that has been made so far into a lane, as `headworks tasks add --lane` does. */
async function putInLane({ database, producer }: ChaosRun, lane: string): Promise<void> {
  const names = producer.acknowledged.map((output) => /\[(.*)\]$/.exec(output)?.[1] ?? "");
  const outputs = await findOutputs(database, "prod", "laned_parcel", names);
  const ids = outputs.map((output) => output.id);
  await transaction(database, (connection) => addTasks(connection, ids, { delayMs: 0, everyMs: 0, lane }));
}

/** kill -9 of every process, the database stopped at once; then all of it again. */
async function restartEverything(
  chaos: ChaosRun,
  supervisor: number,
  runners: readonly number[],
  settings: FleetSettings = EIGHT,
): Promise<void> {
  for (const pid of [supervisor, ...runners]) strike(pid, "SIGKILL");
  await chaos.server.stopAtOnce();
  await chaos.server.startAgain();
  await chaos.startFleet(settings);
}
