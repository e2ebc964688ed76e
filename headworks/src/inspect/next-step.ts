// The command that a person should type next about a trouble.

import type { Trouble } from "../store/history/overview.ts";

/** An exact command line, quoted for a shell where that is needed. */
export function nextCommand(trouble: Trouble, liveWorkers: number): string {
  const { kind, processor, partition } = trouble;
  if (kind === "queued") return liveWorkers === 0 ? "headworks start" : "headworks status";
  if (kind === "running")
    return `headworks logs --processor ${processor} --partition ${quoted(partition)} --follow`;
  if (isWorthAnotherTry(trouble)) return runCommand(processor, partition);
  return `headworks runs show ${processor} ${quoted(partition)}`;
}

/** The command line that asks for a run of one output. */
export function runCommand(processor: string, partition: string): string {
  const named = partition === "all" ? "" : ` --partition ${quoted(partition)}`;
  return `headworks run ${processor}${named}`;
}

/** It gave up waiting for data that may have come since: there is nothing to mend first. */
function isWorthAnotherTry({ given_up, outputs, outcome, reason }: Trouble): boolean {
  if (given_up < outputs) return false;
  return outcome === "dependency_missing" || reason === "unexpected_empty" || reason === "below_expected";
}

function quoted(text: string): string {
  return /^[\w:.+@/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
