import { expect, test } from "vitest";
import { demoFaults } from "./demo-faults.ts";
import { FAULT_KINDS } from "./source/faults/parse-fault.ts";
import { startSource } from "./source/server.ts";
import { simulateLeague } from "./source/simulated/simulate-league.ts";

test("counts the answers that a fault has spoiled, and only those", async () => {
  const faults = demoFaults(["outage:2025-11-10..2025-11-10,requests=2", "late:share=0.001"]);
  const server = await startSource({
    league: simulateLeague({ seed: 1 }),
    faults: faults.map(({ fault }) => fault),
  });
  const statuses: number[] = [];
  for (const day of ["2025-11-09", "2025-11-10", "2025-11-10", "2025-11-10"])
    statuses.push((await fetch(`${server.url}/schedule?date=${day}`)).status);
  await server.close();
  expect(statuses).toEqual([200, 503, 503, 200]);
  expect(faults.map(({ spoiled }) => spoiled())).toEqual([2, 0]);
});

test("has words for every kind of fault", () => {
  for (const { usage } of FAULT_KINDS) {
    const spec = usage
      .replace(/\[.*$/, "")
      .replace("FROM..TO", "2026-01-10..2026-01-12")
      .replace(/:[A-Z_]+$/, ":5");
    expect(demoFaults([spec])[0]?.effect).not.toBe(usage);
  }
});
