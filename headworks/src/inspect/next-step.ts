// The command that a person should type next about a problem.

import type { Problem } from "../store/history/overview.ts";

/** An exact command line, quoted for a shell where that is needed. */
export function nextCommand(problem: Problem, liveWorkers: number): string {
  const { kind, processor, partition } = problem;
  if (kind === "queued") return liveWorkers === 0 ? "headworks start" : "headworks status";
  if (kind === "running")
    return `headworks logs --processor ${processor} --partition ${quoted(partition)} --follow`;
  if (isWorthAnotherTry(problem)) return runCommand(processor, partition);
  return `headworks runs show ${processor} ${quoted(partition)}`;
}

/** The command line that asks for a run of one output. */
export function runCommand(processor: string, partition: string): string {
  const named = partition === "all" ? "" : ` --partition ${quoted(partition)}`;
  return `headworks run ${processor}${named}`;
}

/** It gave up waiting for data that may have come since: there is nothing to fix first. */
function isWorthAnotherTry({ given_up, outputs, outcome, reason }: Problem): boolean {
  if (given_up < outputs) return false;
  return outcome === "dependency_missing" || reason === "unexpected_empty" || reason === "below_expected";
}

function quoted(text: string): string {
  return /^[\w:.+@/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
