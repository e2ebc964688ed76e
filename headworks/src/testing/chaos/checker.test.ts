// Tests of the checker: it is silent when all is well, and speaks of every fault that is planted.

import { expect, test } from "vitest";
import { type Evidence, findViolations } from "./checker.ts";
import type { Operation } from "./operations.ts";

const operation = (kind: Operation["kind"], run: string, at: number, output = "parcel[1]"): Operation => ({
  kind,
  output,
  run,
  attempt: 1,
  pid: 1,
  supervisor: 1,
  at,
});
const success = { id: "a", output: "parcel[1]", attempt: 1, outcome: "success", reason: null };

/** One task that was acknowledged, ran and settled. */
const well: Evidence = {
  offered: new Set(["parcel[1]", "parcel[2]"]),
  acknowledged: ["parcel[1]"],
  operations: [operation("began", "a", 1), operation("ended", "a", 2)],
  ledger: [{ output: "parcel[1]", status: "complete", task: null, run: "a" }],
  runs: [success],
  rows: [{ output: "parcel[1]", run: "a" }],
};

/** The same after an earlier run that ended so. */
function afterAnother(reason: string, endedAt: number | undefined, outcome = "error"): Evidence {
  const earlier = { ...success, id: "z", outcome, reason };
  return {
    ...well,
    operations: [
      operation("began", "z", 0),
      ...well.operations,
      ...(endedAt === undefined ? [] : [operation("ended", "z", endedAt)]),
    ],
    runs: [earlier, success],
  };
}

test("says nothing when all is well, also of a task whose commit was never heard of", () => {
  expect(findViolations(well)).toEqual([]);
  expect(findViolations({ ...well, acknowledged: [] })).toEqual([]);
});

test.each([
  ["crashed", 1.5],
  ["lease_lost", 9],
  ["abandoned", undefined],
  ["thrown", undefined],
  ["hard", 0.5],
])("a run that ended %s explains the next one", (reason, endedAt) => {
  expect(findViolations(afterAnother(reason, endedAt))).toEqual([]);
});

test("a run that was frozen before it began, and woken while its successor runs, is explained by its ended lease", () => {
  const frozen = { ...success, id: "z", outcome: "error", reason: "crashed" };
  const evidence = {
    ...well,
    operations: [
      { ...operation("began", "a", 1), attempt: 2 },
      operation("began", "z", 2),
      { ...operation("ended", "a", 3), attempt: 2 },
      operation("ended", "z", 4),
    ],
    runs: [frozen, { ...success, attempt: 2 }],
  };
  expect(findViolations(evidence)).toEqual([]);
});

const faults: Record<string, [Evidence, string]> = {
  "a task that isn't in the ledger": [
    { ...well, ledger: [] },
    "lost: parcel[1] was acknowledged and isn't in",
  ],
  "a task that was never settled": [
    { ...well, ledger: [{ output: "parcel[1]", status: "expected", task: "ready", run: null }] },
    "lost: parcel[1] was acknowledged and is expected",
  ],
  "a settlement without the work": [
    { ...well, operations: [] },
    "lost: parcel[1] is complete, and no handler",
  ],
  "a settlement without its rows": [{ ...well, rows: [] }, "lost: parcel[1] is complete, and its row"],
  "a task that nobody asked for": [
    { ...well, operations: [...well.operations, operation("began", "a", 3, "parcel[9]")] },
    "unexpected: nobody asked for parcel[9]",
  ],
  "a second success": [
    {
      ...well,
      runs: [success, { ...success, id: "b" }],
      operations: [...well.operations, operation("began", "b", 3), operation("ended", "b", 4)],
    },
    "two ends: parcel[1] succeeded 2 times",
  ],
  "a success beside a task that goes on": [
    { ...well, ledger: [{ output: "parcel[1]", status: "complete", task: "running", run: "a" }] },
    "two ends: parcel[1] is complete, and its task is running",
  ],
  "an output that is complete by nobody's success": [
    { ...well, runs: [{ ...success, outcome: "error", reason: "crashed" }], rows: [] },
    "two ends: parcel[1] is complete, and no run of it succeeded",
  ],
  "an output that names a run that lost": [
    { ...well, ledger: [{ output: "parcel[1]", status: "complete", task: null, run: "z" }] },
    "two ends: parcel[1] names another run",
  ],
  "a row that a zombie wrote": [
    { ...afterAnother("lease_lost", 9), rows: [{ output: "parcel[1]", run: "z" }] },
    "zombie: a row of parcel[1]",
  ],
  "a row of each of two runs": [
    { ...well, rows: [...well.rows, ...well.rows] },
    "zombie: parcel[1] has 2 rows",
  ],
  "a run that the history hasn't got": [
    { ...well, operations: [operation("began", "y", 0), ...well.operations] },
    "unwritten: attempt 1 of parcel[1] ran",
  ],
  "a success that no handler noted": [
    {
      ...well,
      runs: [{ ...success, id: "b" }],
      ledger: [{ output: "parcel[1]", status: "complete", task: null, run: "b" }],
    },
    "unwritten: parcel[1] is said to have succeeded",
  ],
  "a duplicate that had come to its end and was thrown away without a reason": [
    afterAnother("thrown", 0.5),
    "unexplained: attempt 1 of parcel[1] came to its end, and is error / thrown",
  ],
  "two runs at once, of which the earlier one had its lease": [
    {
      ...well,
      operations: [operation("began", "a", 1), operation("began", "b", 2), operation("ended", "a", 3)],
      runs: [success, { ...success, id: "b", outcome: "error", reason: "lease_lost" }],
    },
    "unexplained: two runs of parcel[1] at once",
  ],
};

test.each(Object.entries(faults))("finds %s", (_name, [evidence, said]) => {
  expect(findViolations(evidence)).toContainEqual(expect.stringContaining(said));
});
