// The circuit breaker of a processor: a run asks it before its handler is called, and tells it how that ended.

import type { CompiledProcessor } from "../../define/registry.ts";
import type { Permit } from "../breaker/shared-breaker.ts";
import type { Ending } from "./ending.ts";
import type { RunServices } from "./services.ts";

/** More than a run is given, so that no second probe goes out beside one that is only slow. */
const PROBE_SLACK_MS = 30_000;

/** Leave to run; undefined for a processor without a breaker. Throws BREAKER_OPEN. */
export async function permitOf(
  { breakers }: RunServices,
  { name, breaker, hardTimeoutMs }: CompiledProcessor,
): Promise<Permit | undefined> {
  if (breaker === undefined) return undefined;
  return breakers.of({ kind: "processor", name }, breaker, hardTimeoutMs + PROBE_SLACK_MS).admit();
}

/** A failure in words; null for a success; undefined for what says nothing of the processor, such as data that aren't there yet. */
export function failureOf({ report, error, note }: Ending): string | null | undefined {
  switch (report.kind) {
    case "returned":
      return null;
    case "threw":
    case "invalid":
      return error?.message ?? "it threw";
    case "timed_out":
      return note ?? "it timed out";
    default:
      return undefined;
  }
}
