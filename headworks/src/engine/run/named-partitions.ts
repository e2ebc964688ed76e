// Checks what a handler names with ctx.discover: each partition has a key, and lies within one that there is.

import type { CompiledProcessor } from "../../define/registry.ts";
import { type CalendarPartitions, SINGLE_KEY, windowOf } from "../../domain/calendar/partitions.ts";
import { HeadworksError } from "../../domain/error.ts";
import type { DiscoveredPartition } from "./finished-run.ts";

/** The partitions as they are kept. Throws NOT_ITS_PARTITIONS, PARTITION_KEY_EMPTY, WITHIN_MISSING and WITHIN_INVALID. */
export function namedPartitions(
  processor: CompiledProcessor,
  own: string,
  set: string,
  entries: Iterable<string | { key: string; within: string }>,
): DiscoveredPartition[] {
  const declared = processor.discovers.find((each) => each.name === set);
  if (declared === undefined) throw notDiscovered(processor, set);
  const parent = processor.partitions.kind === "single" ? SINGLE_KEY : own;
  const found = Array.from(entries, (entry) =>
    typeof entry === "string" ? { key: entry, parent } : { key: entry.key, parent: entry.within },
  );
  const nameless = found.find(({ key }) => typeof key !== "string" || key.trim() === "");
  if (nameless !== undefined) throw keyEmpty(set, nameless.key);
  const { within } = declared;
  if (within.kind === "calendar") {
    const lost = found.find((each) => !isKeyOf(within, each.parent));
    if (lost !== undefined)
      throw lost.parent === SINGLE_KEY ? withinMissing(set, lost) : withinInvalid(set, lost);
  }
  return found;
}

function isKeyOf(set: CalendarPartitions, key: string): boolean {
  try {
    windowOf(set, key);
    return true;
  } catch {
    return false;
  }
}

function notDiscovered(processor: CompiledProcessor, set: string): HeadworksError {
  return new HeadworksError({
    code: "NOT_ITS_PARTITIONS",
    message: `${processor.name} doesn't discover ${set}`,
    hint: "name the set in the processor's `discovers`",
  });
}

function keyEmpty(set: string, key: unknown): HeadworksError {
  return new HeadworksError({
    code: "PARTITION_KEY_EMPTY",
    message: `${JSON.stringify(key)} is no key for a partition of ${set}`,
    hint: "give each partition a text that tells it from the others",
  });
}

function withinMissing(set: string, { key }: DiscoveredPartition): HeadworksError {
  return new HeadworksError({
    code: "WITHIN_MISSING",
    message: `the partition ${key} of ${set} lies within a calendar, but nothing says where`,
    hint: `call ctx.discover("${set}", [{ key, within: "2026-01-14" }, …])`,
  });
}

function withinInvalid(set: string, { key, parent }: DiscoveredPartition): HeadworksError {
  return new HeadworksError({
    code: "WITHIN_INVALID",
    message: `the partition ${key} of ${set} is said to lie within "${parent}", which is none of its calendar's partitions`,
    hint: "name the hour, day, week or month as its partitions are written, such as 2026-01-14",
  });
}
