// What a person should do next about a problem, as data.

import type { NextStep } from "../contract/shape/next-step.ts";
import type { Problem } from "../store/history/overview.queries.ts";

/** One step: what is cheap to try comes before what has to be read. */
export function nextStepFor(problem: Problem, liveWorkers: number): NextStep {
  const { kind, processor, partition } = problem;
  if (kind === "queued") return { kind: liveWorkers === 0 ? "start" : "show_status" };
  if (kind === "running") return { kind: "follow_logs", processor, partition };
  return { kind: isWorthAnotherTry(problem) ? "run_output" : "show_run", processor, partition };
}

/** It gave up waiting for data that may have come since: there is nothing to fix first. */
function isWorthAnotherTry({ given_up, outputs, outcome, reason }: Problem): boolean {
  if (given_up < outputs) return false;
  return outcome === "dependency_missing" || reason === "unexpected_empty" || reason === "below_expected";
}
