import { stripVTControlCharacters, styleText } from "node:util";
import { expect, test } from "vitest";
import type { PhaseHealth } from "../../contract/health.ts";
import { plainPaint } from "./output.ts";
import { renderPlain, renderProgress, type Snapshot } from "./progress.ts";

function phase(name: string, some: Partial<PhaseHealth>): PhaseHealth {
  return {
    ...{
      pipeline: "nba",
      phase: name,
      expected: 0,
      complete: 0,
      empty: 0,
      degraded: 0,
      failed: 0,
      waived: 0,
    },
    ...{ running: 0, waiting: 0, queued: 0, blocked: 0, overdue: 0, unvouched: 0 },
    ...some,
  };
}

function snapshot(phases: PhaseHealth[], some: Partial<Snapshot> = {}): Snapshot {
  return { phases, elapsedMs: 12_000, runsPerSecond: 312.4, leftMs: 4_000, ...some };
}

const BUSY = snapshot([
  phase("reference", { expected: 2, complete: 2 }),
  phase("raw", {
    expected: 1_384,
    complete: 600,
    empty: 90,
    failed: 2,
    running: 50,
    waiting: 3,
    queued: 639,
  }),
]);

test("shows a bar for each phase, counts by outcome, rate and time left", () => {
  expect(renderProgress(BUSY, 100, plainPaint)).toEqual([
    `reference ${"█".repeat(18)}       2/2  2 complete`,
    `raw       ${"█".repeat(9)}${"░".repeat(9)} 692/1,384  600 complete · 90 empty · 2 failed · 50 running · 3 waiting`,
    "694/1,386 outputs · 312 runs/s · 12s · about 4.0s left",
  ]);
});

test.for([20, 40, 60, 80, 120])("is never wider than %i columns", (width) => {
  const lines = renderProgress(BUSY, width, (style, text) =>
    styleText(style, text, { validateStream: false }),
  );

  for (const line of lines) expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(width);
});

test("is full only when everything is done, and shows a failure among thousands", () => {
  const barOf = (some: Partial<PhaseHealth>) =>
    renderProgress(snapshot([phase("raw", some)]), 120, (style, text) =>
      style === "red" ? text.replaceAll("█", "▓") : text,
    )[0]?.replace(/[^█▓░]/g, "");

  expect(barOf({ expected: 10_000, complete: 9_999, running: 1 })).toBe(`${"█".repeat(29)}░`);
  expect(barOf({ expected: 10_000, complete: 9_999, failed: 1 })).toBe(`${"█".repeat(29)}▓`);
  expect(barOf({ expected: 3, complete: 1, failed: 2 })).toBe(`${"█".repeat(10)}${"▓".repeat(20)}`);
  expect(barOf({ expected: 0 })).toBe("░".repeat(30));
});

test("names the pipeline where there are several", () => {
  const two = snapshot([
    phase("raw", { expected: 1 }),
    { ...phase("raw", { expected: 1 }), pipeline: "tcg" },
  ]);

  expect(
    renderProgress(two, 100, plainPaint)
      .slice(0, 2)
      .map((line) => line.split(" ")[0]),
  ).toEqual(["nba/raw", "tcg/raw"]);
});

test("says the same on one line, without what is going well", () => {
  expect(renderPlain(BUSY)).toBe(
    "reference 2/2 · raw 692/1,384 (2 failed, 50 running, 3 waiting) · 694/1,386 outputs · 312 runs/s · 12s · about 4.0s left",
  );
  expect(
    renderPlain(snapshot([phase("raw", { expected: 1 })], { leftMs: undefined, runsPerSecond: 0.52 })),
  ).toBe("raw 0/1 · 0/1 outputs · 0.5 runs/s · 12s");
});
