// Mappings between partitionings: which upstream partitions an output needs (a day its games, a game its day, a week its days).

import {
  allKeys,
  type CalendarPartitions,
  keyAt,
  keysOverlapping,
  type PartitionSet,
  SINGLE_KEY,
  shiftKey,
  windowOf,
} from "./partitions.ts";

/**
 * `natural`: all that share time with this one: the same partition where both sides have one partitioning,
 * the one that contains this one, or those that lie within it; where the two don't nest (weeks and months), each it touches.
 * `range`: partitions counted from the natural one: { from: -6, to: 0 } is a trailing week of days.
 * `all`: every partition of the upstream set.
 */
export type Mapping = { kind: "natural" } | { kind: "range"; from: number; to: number } | { kind: "all" };

/** The partition whose needs are asked for. `parent` is the partition of `within` that a discovered one lies in. */
export interface MappedPartition {
  set: PartitionSet;
  key: string;
  parent?: string;
}

/**
 * The upstream partitions: keys that can be named beforehand, or, of a dynamic set,
 * all that are (or will be) discovered within the named parents.
 */
export type UpstreamPartitions = { kind: "keys"; keys: string[] } | { kind: "members"; parents: string[] };

/** The upstream partitions that `of` needs under `mapping`. Partitions outside the upstream set's bounds are left out. */
export function upstreamPartitions(
  mapping: Mapping,
  of: MappedPartition,
  upstream: PartitionSet,
): UpstreamPartitions {
  if (upstream.kind === "single") return { kind: "keys", keys: [SINGLE_KEY] };
  if (upstream.kind === "calendar") return { kind: "keys", keys: calendarKeys(mapping, of, upstream) };
  if (mapping.kind === "natural" && isSameSet(of.set, upstream)) return { kind: "keys", keys: [of.key] };
  if (upstream.within.kind === "single") return { kind: "members", parents: [SINGLE_KEY] };
  return { kind: "members", parents: calendarKeys(mapping, of, upstream.within) };
}

/** Why a mapping can't be used between two sets, or undefined when it can. */
export function findMappingFault(
  mapping: Mapping,
  of: PartitionSet,
  upstream: PartitionSet,
): string | undefined {
  if (mapping.kind === "range" && mapping.from > mapping.to) {
    return "its range ends before it begins, so it would need nothing at all";
  }
  const calendar = upstream.kind === "dynamic" ? upstream.within : upstream;
  if (calendar.kind !== "calendar") return undefined;
  const takesAll = mapping.kind === "all" || outerOf(of).kind === "single";
  if (takesAll && calendar.end === undefined) {
    return "it needs every partition of a set that has no end, so it could never run";
  }
  return undefined;
}

/** Whether two sets are one: the same single, the same calendar (its bounds may differ), or the same discovered set. */
export function isSameSet(a: PartitionSet, b: PartitionSet): boolean {
  if (a.kind === "calendar" && b.kind === "calendar") return a.unit === b.unit && a.timezone === b.timezone;
  if (a.kind === "dynamic" && b.kind === "dynamic") return a.name === b.name;
  return a.kind === "single" && b.kind === "single";
}

function calendarKeys(mapping: Mapping, of: MappedPartition, upstream: CalendarPartitions): string[] {
  const outer = outerOf(of.set);
  if (mapping.kind === "all" || outer.kind === "single") return allKeys(upstream) ?? [];
  const outerKey = of.set.kind === "dynamic" ? of.parent : of.key;
  if (outerKey === undefined) return [];
  const window = windowOf(outer, outerKey);
  if (mapping.kind === "natural") return keysOverlapping(upstream, window);
  return rangeOfKeys(mapping, keyAt(upstream, window.start), upstream);
}

function rangeOfKeys(
  range: { from: number; to: number },
  natural: string,
  upstream: CalendarPartitions,
): string[] {
  const { start } = windowOf(upstream, shiftKey(upstream, natural, range.from));
  const { end } = windowOf(upstream, shiftKey(upstream, natural, range.to));
  return keysOverlapping(upstream, { start, end });
}

function outerOf(set: PartitionSet): Exclude<PartitionSet, { kind: "dynamic" }> {
  return set.kind === "dynamic" ? set.within : set;
}
