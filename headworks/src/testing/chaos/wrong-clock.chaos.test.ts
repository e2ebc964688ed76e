// Processes whose clocks are an hour off, one ahead and one behind, beside one that is right.

import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type FleetSettings, openFire, strike, tell } from "./fire.ts";
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
  await using fire = await openFire();
  const right = await fire.startFleet({ runners: 1 });
  const ahead = await fire.startFleet(offBy(HOUR_MS));
  await fire.startFleet(offBy(-HOUR_MS));
  fire.producer.keepUp({ processor: "parcel", suffix: "m200", outstanding: 200 });
  await fire.producer.make("paced_parcel", 600);

  await fire.watch.untilEnded(300);
  const killed: { pid: number; at: number }[] = [];
  for (const fleet of [right, ahead]) {
    const pid = await fleet.busyRunner();
    killed.push({ pid, at: strike(pid, "SIGKILL") });
    await fire.watch.untilEnded(300);
  }

  const figures = await fire.expectAllWell();
  const took = killed.map(({ pid, at }) => untilRunAgain(fire.watch.deeds, new Set([pid]), at));
  // The ids of runs are of the clock of who claimed them: they show that it was wrong.
  const { rows } = await fire.database.query<{ wrong: number }>(
    `select count(*)::int4 as wrong from headworks.runs
     where abs(extract(epoch from headworks.instant_of(id::text) - claimed_at)) > 3000`,
  );
  const worst = findWorstWindow(await readClaims(fire.database, "paced_parcel"), PACE.perSecond);
  expect(worst?.excess).toBeLessThanOrEqual(mostExcess(PACE));
  expect(rows[0]?.wrong).toBeGreaterThan(100);
  expect(new Set(fire.watch.deeds.map((deed) => deed.supervisor)).size).toBe(3);
  tell(
    "clocks an hour off",
    figures,
    `worst window: ${worst?.excess.toFixed(3)} beyond its rate where ${PACE.burst} are let go`,
    `what ${killed.length} killed runners held had run again after ${seconds(took)}`,
  );
});
