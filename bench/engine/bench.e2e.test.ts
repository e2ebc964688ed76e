// Tests that the bench measures and reports, at a size at which its figures mean nothing.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { Spread } from "../spread.ts";
import type { Report } from "./report.ts";

const MAIN = new URL("main.ts", import.meta.url).pathname;

function bench(...args: string[]) {
  return promisify(execFile)(process.execPath, ["--conditions=headworks-source", MAIN, ...args]);
}

test("measures each contender on the same server and reports what it did with which settings", async () => {
  const contenders = ["headworks", "bare-same-rows", "bare", "graphile-worker", "pg-boss"];
  const { stdout, stderr } = await bench(
    ...["--json", "--rounds", "1", "--scale", "0.01"],
    ...["--only", contenders.join(","), "--figure", "throughput,enqueue,pick-up,fan"],
  );
  const report = JSON.parse(stdout) as Report;

  expect(report.postgres).toMatchObject({ synchronous_commit: "on", fsync: "on" });
  expect(report.contenders.map(({ name }) => name)).toEqual(contenders);
  expect(report.contenders.every(({ version }) => version !== "")).toBe(true);
  expect(report.figures.map(({ name }) => name)).toEqual([
    "budgets",
    "throughput",
    "enqueue",
    "pick-up",
    "fan",
  ]);
  const throughput = report.figures[1];
  expect(throughput?.rows.map((row) => row.contender)).toEqual(contenders);
  for (const row of throughput?.rows ?? []) {
    expect((row.rate as Spread).median).toBeGreaterThan(0);
    expect((row.ratio as Spread).median).toBeGreaterThan(0);
  }
  expect(stderr).toContain("throughput: round 1 of 1: pg-boss");
});

test("says which contenders there are when it is asked for another", async () => {
  await expect(bench("--only", "celery")).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('"celery" is none of headworks, bare-same-rows, bare'),
  });
});
