// What a configuration without mistakes is compiled to, and how several mistakes are told at once.

import { expect, test } from "vitest";
import {
  anyOf,
  bearer,
  daily,
  dataset,
  need,
  optional,
  type Processor,
  pipeline,
  queue,
  secret,
  source,
  trailing,
} from "../../index.ts";
import { games, raw, run } from "../small-definitions.fixture.ts";
import type { Source } from "../source.ts";
import { compileRegistry } from "./registry-of.ts";

function compile(processors: Processor[], sources: Source[] = []) {
  const nba = pipeline("nba", { phases: ["raw", "publish"], processors });
  return compileRegistry([nba], { environment: {}, sources });
}

test("a processor that declares little has every default filled in", () => {
  const compiled = compile([raw("teams")]).processors.get("teams");
  expect(compiled).toEqual({
    name: "teams",
    pipeline: "nba",
    phase: "raw",
    phaseIndex: 0,
    criticality: "normal",
    priority: 2,
    partitions: { kind: "single" },
    needs: [],
    expect: undefined,
    expectedBy: undefined,
    hardTimeoutMs: 600_000,
    dynamicTimeout: undefined,
    heartbeatMs: undefined,
    breaker: undefined,
    recheckEveryMs: 900_000,
    giveUpAfterMs: 259_200_000,
    maxRejectedShare: 0.05,
    queue: {
      name: "default",
      lanes: [],
      rate: undefined,
      burst: 1,
      maxConcurrent: undefined,
      maxAttempts: 5,
      maxRetryDurationMs: 0,
      backoff: { minBackoffMs: 10_000, maxBackoffMs: 3_600_000, maxDoublings: 5 },
      dispatchDeadlineMs: 600_000,
    },
    outputs: [],
    discovers: [],
    run,
  });
});

test("what was declared is kept, with needs in their long form", () => {
  const days = daily({ timezone: "America/New_York", start: "2025-10-21", end: "2026-04-12" });
  const web = queue("web", { maxDispatchesPerSecond: 2.5, dispatchDeadline: "2m" });
  const registry = compile([
    raw("standings", {
      phase: "publish",
      criticality: "critical",
      partitions: days,
      expect: 30,
      queue: web,
      heartbeat: "90s",
      needs: [
        "scores",
        optional(need("odds", { accept: "degraded" })),
        anyOf("odds", need("scores", { partitions: trailing(7) })),
      ],
    }),
    raw("scores", { partitions: days, output: games, queue: "web" }),
    raw("odds"),
  ]);
  const natural = { kind: "natural" };
  expect(registry.processors.get("standings")).toMatchObject({
    phaseIndex: 1,
    priority: 0,
    partitions: { kind: "calendar", unit: "day", opens: "end" },
    expect: { min: 30 },
    heartbeatMs: 90_000,
    hardTimeoutMs: 120_000,
    queue: { name: "web", rate: 2.5, burst: 3 },
    needs: [
      { mode: "required", options: [{ processor: "scores", mapping: natural, acceptsDegraded: false }] },
      { mode: "optional", options: [{ processor: "odds", mapping: natural, acceptsDegraded: true }] },
      {
        mode: "required",
        options: [
          { processor: "odds", mapping: natural, acceptsDegraded: false },
          { processor: "scores", mapping: { kind: "range", from: -6, to: 0 }, acceptsDegraded: false },
        ],
      },
    ],
  });
  expect([...registry.processors.keys()]).toEqual(["scores", "odds", "standings"]);
  expect(registry.owners.get("games")).toEqual(["scores"]);
});

test("several processors may own a dataset that is shared", () => {
  const shared = dataset("games", { ...games, key: ["game_id"], shared: true });
  const registry = compile([raw("a", { output: shared }), raw("b", { output: shared })]);
  expect(registry.owners.get("games")).toEqual(["a", "b"]);
});
test("all mistakes are told at once, in one error that says what to do about each", () => {
  const stats = source("stats", { baseUrl: "https://stats.example", auth: bearer(secret("STATS_KEY")) });
  const compiling = () =>
    compile(
      [
        raw("teams", { hardTimeout: "soon" as "1s" }),
        raw("teams", { phase: "publsh" }),
        raw("a", { needs: ["b"] }),
      ],
      [stats],
    );
  expect(compiling).toThrow(
    [
      "the configuration has 5 mistakes:",
      "  processor teams: two processors are called teams",
      "    → give one of them another name [DUPLICATE_NAME]",
      '  processor teams › hardTimeout: "soon" is not a duration',
      '    → write a number and a unit, such as "90s", "30m", "6h" or "2d" [BAD_DURATION]',
      "  processor teams › phase: publsh is no phase of nba",
      "    → use one of: raw, publish [UNKNOWN_PHASE]",
      "  processor a › needs[0]: unknown processor b",
      "    → use one of: teams, a [UNKNOWN_DEPENDENCY]",
      "  secret STATS_KEY: it is not set",
      "    → set the environment variable STATS_KEY [SECRET_UNSET]",
    ].join("\n"),
  );
});
