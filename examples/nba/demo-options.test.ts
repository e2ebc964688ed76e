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
  ]);
  expect(options).toMatchObject({
    seed: 7,
    faults: ["late", "hang:2026-01-01"],
    source: "simulated",
    stay: false,
  });
  expect(options.forHeadworks).toEqual(["--runners", "2", "--json"]);
});

test("refuses a source that there isn't", () => {
  expect(() => readDemoOptions(["--source", "imagined"])).toThrow("choose simulated or recorded");
});
