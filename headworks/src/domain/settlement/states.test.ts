// Tests of the two state machines and what "settled" means.

import { expect, test } from "vitest";
import {
  isSettled,
  LEDGER_STATUSES,
  LEDGER_TRANSITIONS,
  OUTPUT_STATUSES,
  TASK_STATES,
  TASK_TRANSITIONS,
} from "./states.ts";

/** Everything that can be reached from `from` in one or more moves. */
function reachableFrom(from: string, transitions: Record<string, readonly string[]>): Set<string> {
  const reached = new Set<string>();
  const open = [from];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (const next of transitions[state] ?? []) {
      if (reached.has(next)) continue;
      reached.add(next);
      open.push(next);
    }
  }
  return reached;
}

test("a person sees every stored status, and running besides", () => {
  expect([...OUTPUT_STATUSES].sort()).toEqual([...LEDGER_STATUSES, "running"].sort());
});

test("the transition tables name every state and lead to known states only", () => {
  expect(Object.keys(LEDGER_TRANSITIONS).sort()).toEqual([...LEDGER_STATUSES].sort());
  expect(Object.keys(TASK_TRANSITIONS).sort()).toEqual([...TASK_STATES].sort());
  for (const targets of Object.values(LEDGER_TRANSITIONS))
    expect(LEDGER_STATUSES).toEqual(expect.arrayContaining([...targets]));
  for (const targets of Object.values(TASK_TRANSITIONS))
    expect(TASK_STATES).toEqual(expect.arrayContaining([...targets]));
});

test("no state moves to itself: a move is a change", () => {
  for (const status of LEDGER_STATUSES) expect(LEDGER_TRANSITIONS[status]).not.toContain(status);
  for (const state of TASK_STATES) expect(TASK_TRANSITIONS[state]).not.toContain(state);
});

test.each(TASK_STATES)("a task that is %s can come to run, so none is stuck", (state) => {
  expect(reachableFrom(state, TASK_TRANSITIONS)).toContain("running");
});

test("a task runs only from ready, so that the claim is the only way in", () => {
  const intoRunning = TASK_STATES.filter((state) =>
    (TASK_TRANSITIONS[state] as readonly string[]).includes("running"),
  );
  expect(intoRunning).toEqual(["ready"]);
});

test("a task fails only by settling a run, or when its time to begin is over", () => {
  const intoFailed = TASK_STATES.filter((state) =>
    (TASK_TRANSITIONS[state] as readonly string[]).includes("failed"),
  );
  expect(intoFailed).toEqual(["scheduled", "ready", "running"]);
});

test.each(LEDGER_STATUSES)(
  "an output that is %s can still become complete, even if it was before",
  (status) => {
    expect(reachableFrom(status, LEDGER_TRANSITIONS)).toContain("complete");
  },
);

test("an output is settled unless it is expected, or degraded and so rechecked", () => {
  expect(LEDGER_STATUSES.filter(isSettled)).toEqual(["complete", "empty", "failed", "waived"]);
});
