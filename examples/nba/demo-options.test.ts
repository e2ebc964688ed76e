import { expect, test } from "vitest";
import { readDemoOptions } from "./demo-options.ts";

test("takes its own options and passes the others on to Headworks, in their order", () => {
  const options = readDemoOptions([
    "--seed",
    "7",
    "--runners",
    "2",
    "--fault=late",
    "--fault",
    "hang:2026-01-01",
    "--json",
    "--data-dir=/var/tmp/nba",
  ]);
  expect(options).toMatchObject({
    seed: 7,
    faults: ["late", "hang:2026-01-01"],
    source: "simulated",
    dataDir: "/var/tmp/nba",
    stay: false,
  });
  expect(options.forHeadworks).toEqual(["--runners", "2", "--json"]);
});

test("shows a part of the simulated season, or the whole of it, each with faults", () => {
  const part = readDemoOptions([]);
  const whole = readDemoOptions(["--full"]);
  expect(part.lastDay).toMatch(/^2025-12-/);
  expect(part.faults).toHaveLength(1);
  expect(whole.lastDay).toBeUndefined();
  expect(whole.faults.map((spec) => spec.split(":")[0])).toEqual(["outage", "late"]);
});

test("shows a recorded season whole and as it was, and keeps every season by itself", () => {
  const seasons = ["2025-26", "2023-24", "2017-18"].map((season) =>
    readDemoOptions(["--source", "recorded", "--season", season]),
  );
  expect(seasons.map(({ lastDay, faults }) => [lastDay, faults])).toEqual([
    [undefined, []],
    [undefined, []],
    [undefined, []],
  ]);
  const dirs = [readDemoOptions([]), readDemoOptions(["--full"]), ...seasons].map(({ dataDir }) => dataDir);
  expect(new Set(dirs).size).toBe(5);
});

test.each([
  [["--source", "imagined"], "choose simulated or recorded"],
  [["--season", "2017-18"], "--season 2017-18: choose 2025-26"],
  [["--source", "recorded", "--season", "1990-91"], "choose 2025-26 or 2023-24 or 2017-18"],
  [["--last-day", "Christmas"], "write a day as YYYY-MM-DD"],
])("refuses %j", (args, message) => {
  expect(() => readDemoOptions(args)).toThrow(message);
});
