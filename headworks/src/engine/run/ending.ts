// How a run ended: what its handler returned or threw, or what ended it from outside, as the report that is settled.

import { z } from "zod";
import type { CompiledProcessor } from "../../define/registry.ts";
import type { RunResult } from "../../define/results.ts";
import { formatDuration } from "../../domain/duration.ts";
import { HeadworksError } from "../../domain/error.ts";
import type { Expectation } from "../../domain/settlement/expectation.ts";
import type { KeptError } from "../../domain/settlement/run-record.ts";
import type { RunReport } from "../../domain/settlement/settle.ts";
import type { RunLimits } from "./limits.ts";
import type { RunRecord } from "./record.ts";
import { keptError } from "./stored-error.ts";
import type { RunTimeout } from "./timeouts.ts";

export interface Ending {
  report: RunReport;
  expectation: Expectation;
  note: string | null;
  error: KeptError | null;
}

export function endingOf(result: RunResult, record: RunRecord): Ending {
  const counted = { rejected: record.rejectedCount, declaredEmpty: false };
  if (result === undefined) return ended({ kind: "returned", records: record.rowCount, ...counted });
  if (!isResult(result)) throw unknownResult(result);
  if ("records" in result) {
    const records = countOf(result.records);
    return ended({ kind: "returned", ...counted, records, declaredEmpty: records === 0 });
  }
  if (result.kind === "no_data") {
    const report = { kind: "returned", records: record.rowCount, ...counted, declaredEmpty: true } as const;
    return { ...ended(report), note: result.note };
  }
  const { note, waitsFor } = result;
  return {
    ...ended({ kind: "dependency_missing", reason: "declared", ...(waitsFor && { waitsFor }) }),
    note,
  };
}

/** Configurations needn't be checked by TypeScript: a run may return anything. */
function isResult(result: unknown): boolean {
  if (typeof result !== "object" || result === null) return false;
  if ("records" in result) return true;
  return "kind" in result && (result.kind === "no_data" || result.kind === "dependency_missing");
}

function unknownResult(result: unknown): HeadworksError {
  const what = Array.isArray(result) ? "a list" : `a value of type ${typeof result}`;
  return new HeadworksError({
    code: "RESULT_INVALID",
    message: `the run returned ${what}, which says nothing of how it ended`,
    hint: "return nothing, { records }, noData(…) or dependencyMissing(…); rows are given to ctx.write()",
  });
}

function countOf(records: number): number {
  if (Number.isSafeInteger(records) && records >= 0) return records;
  throw new HeadworksError({
    code: "RESULT_INVALID",
    message: `the run says that it produced ${String(records)} records`,
    hint: "return { records } with a whole number, 0 or more",
  });
}

const INVALID_CODES = new Set(["RESPONSE_INVALID", "RESPONSE_NOT_JSON"]);

/** What isn't there for a while, through no fault of the run. */
const WAITS: ReadonlyMap<string, "quota_exhausted" | "breaker_open"> = new Map([
  ["QUOTA_EXHAUSTED", "quota_exhausted"],
  ["BREAKER_OPEN", "breaker_open"],
]);

/** What was thrown decides the report: bad data is not an error of the code, and an exhausted quota is neither. */
export function endingOfError(error: unknown, redact: (text: string) => string): Ending {
  const kept = keptError(error, redact);
  const retryAfterMs = retryAfterOf(error);
  const retry = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (error instanceof z.ZodError) return { ...ended({ kind: "invalid" }), error: kept };
  if (error instanceof HeadworksError) {
    if (INVALID_CODES.has(error.code)) return { ...ended({ kind: "invalid" }), error: kept };
    const reason = WAITS.get(error.code);
    if (reason !== undefined)
      return { ...ended({ kind: "dependency_missing", reason, ...retry }), error: kept };
  }
  return { ...ended({ kind: "threw", ...retry }), error: kept };
}

function retryAfterOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("retryAfterMs" in error)) return undefined;
  return typeof error.retryAfterMs === "number" ? error.retryAfterMs : undefined;
}

export function ended(report: RunReport): Ending {
  return { report, expectation: { kind: "unknown" }, note: null, error: null };
}

/** A run that was ended from outside ends so whatever its handler said after; the handler's error is kept. */
export function cutEnding(limits: RunLimits, error: KeptError | null): Ending {
  if (limits.cutShort === undefined) throw new Error("a handler was given up on that nobody had ended");
  return { ...ended(limits.cutShort), error };
}

/** Which limit ended it, and where it stood: "no progress for 30s, at 42 of 100". */
export function cutNote(
  { cutShort }: RunLimits,
  processor: CompiledProcessor,
  timeout: RunTimeout,
  { progress }: RunRecord,
): string | null {
  if (cutShort?.kind !== "timed_out") return null;
  const limit =
    cutShort.reason === "hard"
      ? `no end after ${formatDuration(timeout.ms)}`
      : `no progress for ${formatDuration(processor.heartbeatMs ?? 0)}`;
  const stood = progress && `, at ${progress.done}${progress.total === null ? "" : ` of ${progress.total}`}`;
  const basis = cutShort.reason === "hard" && timeout.basis ? ` (${timeout.basis})` : "";
  return `${limit}${stood ?? ""}${basis}`;
}
