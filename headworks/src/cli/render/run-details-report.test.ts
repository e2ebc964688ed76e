import { expect, test } from "vitest";
import type { RunDetails } from "../../contract/runs.ts";
import type { Attempt, OutputDetail } from "../../store/history/runs.queries.ts";
import { plainPaint } from "./output.ts";
import { renderRunDetails } from "./run-details-report.ts";

const RUN = "0198a7b2-3c4d-7abc-8000-000000000001";

const output: OutputDetail = {
  ...{
    id: 1,
    pipeline: "nba",
    phase: "raw",
    processor: "box_scores",
    criticality: "critical",
    partition: "2026-01-14",
  },
  ...{
    status: "degraded",
    outcome: "validation_failed",
    reason: "below_expected",
    vouched_by: null,
    records: 3,
  },
  ...{
    expected_min: 9,
    expected_max: null,
    opens_at: "2026-01-15T05:00:00.000Z",
    expected_by: "2026-01-15T08:00:00.000Z",
  },
  ...{ settled_at: "2026-01-15T08:59:00.000Z", overdue: true, run_id: RUN, task_state: "waiting" },
  ...{ task_due_at: "2026-01-15T09:14:00.000Z", attempts_used: 1, waits_for: null },
};

const attempt: Attempt = {
  ...{ id: RUN, attempt: 2, attempt_used: false, outcome: "validation_failed", reason: "below_expected" },
  fingerprint: "feedfeedfeedfeed",
  ...{
    due_at: "2026-01-15T08:58:00.000Z",
    claimed_at: "2026-01-15T08:58:00.250Z",
    ended_at: "2026-01-15T08:58:02.250Z",
  },
  ...{
    duration_ms: 2_000,
    records: 3,
    expected_min: 9,
    expected_max: null,
    rows_inserted: 2,
    rows_updated: 1,
  },
  ...{
    rows_unchanged: 0,
    rows_removed: 0,
    rows_rejected: 1,
    requests: 2,
    note: null,
    progress: { done: 3, total: 9 },
  },
  ...{ error: null, logs_dropped: 7, worker_id: RUN, code_version: "abc+123", traceparent: null },
  ...{ cpu_ms: 1_240, peak_memory_bytes: 83_000_000 },
};

const details: RunDetails = {
  output,
  run: attempt,
  payload: { game: 7, why: "corrected by the league" },
  metrics: [{ name: "games", labels: { season: "2025-26" }, value: 3 }],
  requests: [
    {
      ...{
        source: "stats",
        method: "GET",
        url: "https://stats.example/games",
        status: 200,
        duration_ms: 120,
      },
      ...{ bytes: 1_536, hash: "0123456789abcdef", fetched_at: "2026-01-15T08:58:01.000Z" },
    },
  ],
  rejected: [{ dataset: "scores", row: { points: "many" }, error: "points: expected a number" }],
  artifacts: [],
  logs: [],
  needs: [
    {
      processor: "schedule",
      partition: "all",
      status: "complete",
      task_state: null,
      mode: "required",
      accepts_degraded: false,
      same_trace: true,
    },
  ],
  needed_by: [],
  ...{ requests_cut: false, rejected_cut: false, logs_cut: false },
  ...{ needs_cut: false, needed_by_cut: false, attempts_cut: false },
  attempts: [attempt],
};

const render = (some: Partial<RunDetails>) =>
  renderRunDetails(
    { ...details, ...some },
    { paint: plainPaint, width: 100, now: Date.parse("2026-01-15T09:00:00Z") },
  );

test("shows all details of a run", () => {
  expect(render({})).toEqual([
    "box_scores[2026-01-14]  degraded, overdue  nba · raw · critical",
    "  expected   by 2026-01-15T08:00:00Z (1h ago)",
    "  task       waiting, again in 14m, 1 attempt used",
    '  payload    {"game":7,"why":"corrected by the league"}',
    "",
    `run ${RUN}  attempt 2 (not counted)`,
    "  outcome    validation_failed / below_expected: 3 of at least 9 records",
    "  timing     due 2026-01-15T08:58:00Z, waited 250ms, ran 2.0s, ended 1m ago",
    "  used       1.2s of processor time, 83 MB of memory at most",
    "  records    3, expected at least 9",
    "  rows       2 inserted, 1 updated, 1 rejected",
    "  progress   3 of 9",
    "  metric     games{season=2025-26} 3",
    "  request    200 GET https://stats.example/games  120ms  1.5 kB  0123456789ab",
    "             and 1 more",
    '  rejected   scores: points: expected a number  {"points":"many"}',
    "             7 log lines were too many and are not kept",
    "  code       abc+123",
    "",
    "  needs      schedule[all]  complete  released it",
  ]);
});

test("shows an error with its code, its hint and where it was thrown", () => {
  const error = {
    name: "HeadworksError",
    code: "SOURCE_STATUS",
    message: "GET /games answered 500",
    hint: "look at the source",
    stack: "HeadworksError: …\n    at run (file:///x.ts:1:2)",
  };
  const run: Attempt = { ...attempt, outcome: "error", reason: "thrown", error };

  expect(render({ run })).toEqual(
    expect.arrayContaining([
      "  outcome    error / thrown: GET /games answered 500",
      "  error      HeadworksError: GET /games answered 500 [SOURCE_STATUS]",
      "             → look at the source",
      "             at run (file:///x.ts:1:2)",
    ]),
  );
});

test("lists all attempts once there are several", () => {
  const lines = render({
    attempts: [
      attempt,
      {
        ...attempt,
        id: "0198a7b1-0000-7abc-8000-000000000001",
        attempt: 1,
        outcome: "timeout",
        reason: "hard",
      },
    ],
  });

  expect(lines.slice(-3)).toEqual([
    "run                 try   ended  took  records  outcome",
    "0198a7b2-3c4d-7abc    2  1m ago  2.0s        3  validation_failed / below_expected",
    "0198a7b1-0000-7abc    1  1m ago  2.0s        3  timeout / hard",
  ]);
});

test("says so when it has not run yet, and when nothing tries it again", () => {
  expect(render({ run: null, attempts: [] })).toContain("it has not run yet");
  expect(render({ output: { ...output, task_state: "failed" } })).toContain(
    "  task       failed, 1 attempt used: nothing tries it again by itself",
  );
});
