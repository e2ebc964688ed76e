// What a target outside of the process is told of a run, and what it may answer.

import type { Usage } from "./usage.ts";

/** How grave a line is. */
export type LogSeverity = "debug" | "info" | "warn" | "error";

/** One run of one partition, as a command or an endpoint is asked to do it. */
export interface TargetRequest {
  pipeline: string;
  processor: string;
  partition: string;
  namespace: string;
  run: string;
  /** From 1. */
  attempt: number;
  /** What was handed over for it, a JSON value; undefined when nothing was. */
  payload?: unknown;
  /** W3C Trace Context of the run. */
  traceparent: string;
  /** Aborted when the run must end. */
  signal: AbortSignal;
  /** Told once, when the target has ended, what it used, where that can be seen. */
  onUsage?(usage: Usage): void;
  /** Takes a line that the target printed, as it comes. It must not throw. */
  onLog(severity: LogSeverity, message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** What a target says of a run that it did. All of it may be left out: then the run simply returned. */
export interface TargetResult {
  /** How many records it produced. */
  records?: number;
  /** Left out where data were produced. */
  outcome?: "no_data_available" | "dependency_missing";
  /** What was seen: why there are no data, or what is missing. */
  note?: string;
  /** The output that is missing, for `dependency_missing`. */
  waitsFor?: { processor: string; partition: string };
  /** Numbers by name; whatever is none is warned of and left out. */
  metrics?: Record<string, unknown>;
}
