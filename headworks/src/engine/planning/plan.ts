// Which rows the ledger needs for a partition: its output, and its edges to what it needs. Pure: the planner writes them.

import type { Temporal } from "temporal-polyfill";
import type { CompiledNeed, CompiledOption, CompiledProcessor, Registry } from "../../define/registry.ts";
import { deadlineOf } from "../../domain/calendar/deadline.ts";
import { isSameSet, type MappedPartition, upstreamPartitions } from "../../domain/calendar/mapping.ts";
import { opensAt, SINGLE_KEY } from "../../domain/calendar/partitions.ts";
import type { OutputRow } from "../../store/ledger/new-outputs.ts";
import type { EdgeRow, MemberNeed } from "../../store/ledger/planning.ts";

/** One partition of one processor. `parent` is set for discovered ones: the partition they lie in. */
export interface Slice {
  processor: string;
  key: string;
  parent?: string;
}

/** The ledger row of a slice. */
export function outputRow(processor: CompiledProcessor, slice: Slice, now: Temporal.Instant): OutputRow {
  const { partitions, expectedBy } = processor;
  const opens = partitions.kind === "calendar" ? opensAt(partitions, slice.key) : null;
  const counted = opens ?? now.epochMilliseconds;
  return {
    processor: processor.name,
    partition: slice.key,
    opensAtMs: opens,
    expectedByMs: expectedBy === undefined ? null : deadlineOf(expectedBy, partitions, slice, counted),
  };
}

/** The edges of a slice. Those with `member_of` stand for all members that are, or will be, discovered in that parent. */
export function edgeRows(registry: Registry, processor: CompiledProcessor, slice: Slice): EdgeRow[] {
  const of: MappedPartition = { set: processor.partitions, ...slice };
  return processor.needs.flatMap((need, needIndex) =>
    need.options.flatMap((option, optionIndex) => {
      const common = {
        downstream_processor: processor.name,
        downstream_partition: slice.key,
        need: needIndex,
        option: optionIndex,
        ...termsOf(need, option),
      };
      return targetsOf(registry, of, option).map((target) => ({ ...common, ...target }));
    }),
  );
}

/** The calendar and single slices that edges lead to: they must be in the ledger too, even before they open. */
export function demandedSlices(registry: Registry, edges: readonly EdgeRow[]): Slice[] {
  return edges
    .filter((edge) => registry.processors.get(edge.upstream_processor)?.partitions.kind !== "dynamic")
    .map((edge) => ({ processor: edge.upstream_processor, key: edge.upstream_partition }));
}

/** Every need that means the members of a discovered set. */
export function memberNeeds(registry: Registry): MemberNeed[] {
  return [...registry.processors.values()].flatMap((processor) =>
    processor.needs.flatMap((need, needIndex) =>
      need.options.flatMap((option, optionIndex) => {
        const upstream = registry.processors.get(option.processor);
        if (upstream?.partitions.kind !== "dynamic") return [];
        const base = { downstream_processor: processor.name, need: needIndex, option: optionIndex };
        return [{ ...base, upstream_processor: upstream.name, set_name: upstream.partitions.name }];
      }),
    ),
  );
}

function targetsOf(registry: Registry, of: MappedPartition, option: CompiledOption) {
  const upstream = registry.processors.get(option.processor);
  if (upstream === undefined) return [];
  const needed = upstreamPartitions(option.mapping, of, upstream.partitions);
  if (needed.kind === "keys") {
    return needed.keys.map((key) => ({
      upstream_processor: upstream.name,
      upstream_partition: key,
      member_of: "",
    }));
  }
  return needed.parents.map((parent) => ({ ...discovererOf(registry, upstream, parent), member_of: parent }));
}

/** The output that discovers the members of a parent. */
function discovererOf(registry: Registry, upstream: CompiledProcessor, parent: string) {
  if (upstream.partitions.kind !== "dynamic")
    throw new Error(`${upstream.name} has no discovered partitions`);
  const discoverer = registry.processors.get(registry.discoverers.get(upstream.partitions.name) ?? "");
  if (discoverer === undefined) throw new Error(`nothing discovers ${upstream.partitions.name}`);
  const within = isSameSet(discoverer.partitions, upstream.partitions.within);
  return { upstream_processor: discoverer.name, upstream_partition: within ? parent : SINGLE_KEY };
}

function termsOf(need: CompiledNeed, option: CompiledOption) {
  return { mode: need.mode, accepts_degraded: option.acceptsDegraded, any_of: need.options.length > 1 };
}
