// Which partition `headworks run` means: the one named, or the only one there is.

import { type CompiledProcessor, processorNamed, type Registry } from "../define/registry.ts";
import { KEY_EXAMPLES } from "../domain/calendar/partition-key.ts";
import { covers, SINGLE_KEY } from "../domain/calendar/partitions.ts";
import { HeadworksError } from "../domain/error.ts";
import type { Slice } from "../engine/planning/plan.ts";
import { listPartitionsOf } from "../store/history/runs.ts";
import { findParents } from "../store/ledger/planning.ts";
import type { Operator } from "./operator.ts";

const NAMED_IN_HINT = 5;

/** Whose partitions are meant. */
type Place = Pick<Operator, "database" | "namespace">;

/** Throws PARTITION_NEEDED and UNKNOWN_PARTITION, with some that there are. */
export async function partitionOf(
  place: Place,
  registry: Registry,
  request: { processor: string; partition: string | undefined },
): Promise<Slice> {
  const processor = processorNamed(registry, request.processor);
  const key = request.partition ?? (processor.partitions.kind === "single" ? SINGLE_KEY : undefined);
  if (key === undefined) throw await needed(place, processor);
  const parent = await parentOf(place, processor, key);
  if (parent === undefined && !isCovered(processor, key)) throw await unknown(place, processor, key);
  return { processor, key, ...(parent !== undefined && { parent }) };
}

function isCovered({ partitions }: CompiledProcessor, key: string): boolean {
  if (partitions.kind === "dynamic") return false;
  return partitions.kind === "single" ? key === SINGLE_KEY : covers(partitions, key);
}

async function parentOf(
  { database, namespace }: Place,
  { partitions }: CompiledProcessor,
  key: string,
): Promise<string | undefined> {
  if (partitions.kind !== "dynamic") return undefined;
  const [parent] = await findParents(database, [{ namespace, set: partitions.name, key }]);
  return parent;
}

async function needed(place: Place, processor: CompiledProcessor): Promise<HeadworksError> {
  return new HeadworksError({
    code: "PARTITION_NEEDED",
    message: `${processor.name} has many partitions, and none was named`,
    hint: `name one with --partition, such as ${await examples(place, processor)}`,
  });
}

async function unknown(place: Place, processor: CompiledProcessor, key: string): Promise<HeadworksError> {
  const { partitions } = processor;
  const why =
    partitions.kind === "dynamic"
      ? `nothing has discovered a partition ${key} of ${partitions.name}`
      : `${processor.name} has no partition ${key}`;
  return new HeadworksError({
    code: "UNKNOWN_PARTITION",
    message: why,
    hint: `there are, among others: ${await examples(place, processor)}`,
  });
}

async function examples({ database, namespace }: Place, processor: CompiledProcessor): Promise<string> {
  const known = await listPartitionsOf(database, namespace, processor.name, NAMED_IN_HINT);
  if (known.length > 0) return known.join(", ");
  const { partitions } = processor;
  if (partitions.kind === "calendar") return `${KEY_EXAMPLES[partitions.unit]} (from ${partitions.start} on)`;
  return partitions.kind === "single" ? SINGLE_KEY : "none yet: run the processor that discovers them";
}
