// The colors of statuses and outcomes.

import type { Style } from "./output.ts";

const STATUS: Record<string, Style> = {
  complete: "green",
  running: "cyan",
  degraded: "yellow",
  failed: "red",
  waived: "dim",
};

const OUTCOME: Record<string, Style> = {
  success: "green",
  no_data_available: "green",
  dependency_missing: "yellow",
  validation_failed: "red",
  timeout: "red",
  error: "red",
};

export function statusStyle(status: string, overdue: boolean): Style | undefined {
  return overdue ? "red" : STATUS[status];
}

/** Null while the run is in progress. */
export function outcomeStyle(outcome: string | null): Style | undefined {
  return outcome === null ? "cyan" : OUTCOME[outcome];
}
