// What an output's upstream looks like to a run: what `expect` may rely on, and what a run without changes would read.

import { createHash } from "node:crypto";
import type { Dataset } from "../../define/dataset.ts";
import type { CompiledProcessor, Registry } from "../../define/registry.ts";
import { HeadworksError } from "../../domain/error.ts";
import type { OutputName } from "../../domain/settlement/expectation.ts";
import type { UpstreamStatus } from "../../store/ledger/planning.queries.ts";

const RELIABLE = new Set(["complete", "empty", "waived"]);

/** The processors among a processor's needs that own a dataset. */
export function neededOwners(registry: Registry, processor: CompiledProcessor, dataset: Dataset): string[] {
  const needed = new Set(processor.needs.flatMap((need) => need.options.map((option) => option.processor)));
  return (registry.owners.get(dataset.name) ?? []).filter((owner) => needed.has(owner));
}

/** The first output of these owners that can't be relied on: it is unsettled, degraded or failed. */
export function findUnreliable(
  upstream: readonly UpstreamStatus[],
  owners: readonly string[],
): OutputName | undefined {
  const found = upstream.find((row) => owners.includes(row.processor) && !RELIABLE.has(row.status));
  return found && { processor: found.processor, partition: found.partition };
}

/** Whether there is an output of these owners upstream, and all such can be relied on. */
export function isReliable(upstream: readonly UpstreamStatus[], owners: readonly string[]): boolean {
  const isThere = upstream.some((row) => owners.includes(row.processor));
  return isThere && findUnreliable(upstream, owners) === undefined;
}

/** A text that changes when the code or any upstream data does. */
export function readSetOf(codeVersion: string, upstream: readonly UpstreamStatus[]): string {
  const rows = upstream.map(
    (row) => `${row.processor} ${row.partition} ${row.status} ${row.changed_by ?? ""}`,
  );
  return createHash("sha256")
    .update([codeVersion, ...rows].join("\n"))
    .digest("hex");
}

/** `expect` read a dataset that isn't among the needs, so that nothing says whether it is settled. */
export function unneededDataset(processor: CompiledProcessor, dataset: Dataset): HeadworksError {
  return new HeadworksError({
    code: "EXPECT_READS_UNNEEDED",
    message: `expect of ${processor.name} reads ${dataset.name}, which none of its needs owns`,
    hint: `add the processor that writes ${dataset.name} to the needs of ${processor.name}`,
  });
}
