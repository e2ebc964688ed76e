// Processes whose clocks are an hour off, one ahead and one behind, beside one that is right.

import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type FleetSettings, openChaosRun, strike, tell } from "./chaos-run.ts";
import { readClaims } from "./history.ts";
import { PACE } from "./load-limits.ts";
import { seconds, untilRunAgain } from "./recovery.ts";
import { findWorstWindow, mostExcess } from "./windows.ts";

const HOUR_MS = 3_600_000;
const wrongClock = fileURLToPath(new URL("./wrong-clock.ts", import.meta.url));

function offBy(milliseconds: number): FleetSettings {
  const env = { NODE_OPTIONS: `--import=${wrongClock}`, HEADWORKS_CHAOS_CLOCK_MS: String(milliseconds) };
  return { runners: 1, env };
}

test("clocks an hour ahead and an hour behind change no limit, no lease and no wait, and lose nothing", async () => {
  await using chaos = await openChaosRun();
  const right = await chaos.startFleet({ runners: 1 });
  const ahead = await chaos.startFleet(offBy(HOUR_MS));
  await chaos.startFleet(offBy(-HOUR_MS));
  chaos.producer.keepUp({ processor: "parcel", suffix: "m200", outstanding: 200 });
  await chaos.producer.make("paced_parcel", 600);

  await chaos.watch.untilEnded(300);
  const killed: { pid: number; at: number }[] = [];
  for (const fleet of [right, ahead]) {
    const pid = await fleet.busyRunner();
    killed.push({ pid, at: strike(pid, "SIGKILL") });
    await chaos.watch.untilEnded(300);
  }

  const figures = await chaos.expectAllWell();
  const took = killed.map(({ pid, at }) => untilRunAgain(chaos.watch.operations, new Set([pid]), at));
  // The ids of runs are of the clock of who claimed them: they show that it was wrong.
  const { rows } = await chaos.database.query<{ wrong: number }>(
    `select count(*)::int4 as wrong from headworks.runs
     where abs(extract(epoch from headworks.instant_of(id::text) - claimed_at)) > 3000`,
  );
  const worst = findWorstWindow(await readClaims(chaos.database, "paced_parcel"), PACE.perSecond);
  expect(worst?.excess).toBeLessThanOrEqual(mostExcess(PACE));
  expect(rows[0]?.wrong).toBeGreaterThan(100);
  expect(new Set(chaos.watch.operations.map((operation) => operation.supervisor)).size).toBe(3);
  tell(
    "clocks an hour off",
    figures,
    `worst window: ${worst?.excess.toFixed(3)} beyond its rate where ${PACE.burst} are granted`,
    `what ${killed.length} killed runners held had run again after ${seconds(took)}`,
  );
});
