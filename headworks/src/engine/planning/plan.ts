// Which rows the ledger needs for a partition: its output, and its edges to what it needs. Pure: the planner writes them.

import type { Temporal } from "temporal-polyfill";
import {
  type CompiledNeed,
  type CompiledOption,
  type CompiledProcessor,
  processorNamed,
  type Registry,
} from "../../define/registry.ts";
import { deadlineOf } from "../../domain/calendar/deadline.ts";
import { isSameSet, type MappedPartition, upstreamPartitions } from "../../domain/calendar/mapping.ts";
import { opensAt, SINGLE_KEY } from "../../domain/calendar/partitions.ts";
import type { OutputRow } from "../../store/ledger/new-outputs.ts";
import type { EdgeRow, MemberNeed } from "../../store/ledger/planning.queries.ts";

/** One partition of one processor. `parent` is set for discovered ones: the partition they lie in. */
export interface Slice {
  processor: CompiledProcessor;
  key: string;
  parent?: string;
}

/** An edge of a slice, with the slice that it leads to. */
export interface PlannedEdge {
  row: EdgeRow;
  to: Slice;
}

/** The ledger row of a slice. */
export function outputRow(slice: Slice, now: Temporal.Instant): OutputRow {
  const { partitions, expectedBy } = slice.processor;
  const opens = partitions.kind === "calendar" ? opensAt(partitions, slice.key) : null;
  const counted = opens ?? now.epochMilliseconds;
  return {
    processor: slice.processor.name,
    partition: slice.key,
    opensAtMs: opens,
    expectedByMs: expectedBy === undefined ? null : deadlineOf(expectedBy, partitions, slice, counted),
  };
}

/** The edges of a slice. Those with `member_of` stand for all members that are, or will be, discovered in that parent. */
export function edgesOf(registry: Registry, slice: Slice): PlannedEdge[] {
  const { processor, key } = slice;
  const of: MappedPartition = { set: processor.partitions, ...slice };
  return processor.needs.flatMap((need, needIndex) =>
    need.options.flatMap((option, optionIndex) => {
      const common = {
        downstream_processor: processor.name,
        downstream_partition: key,
        need: needIndex,
        option: optionIndex,
        ...termsOf(need, option),
      };
      return targetsOf(registry, of, option).map(({ to, memberOf }) => ({
        row: {
          ...common,
          upstream_processor: to.processor.name,
          upstream_partition: to.key,
          member_of: memberOf,
        },
        to,
      }));
    }),
  );
}

/** The calendar and single slices that edges lead to: they must be in the ledger too, even before they open. */
export function demandedSlices(edges: readonly PlannedEdge[]): Slice[] {
  return edges.map((edge) => edge.to).filter((slice) => slice.processor.partitions.kind !== "dynamic");
}

/** Every need that means the members of a discovered set. */
export function memberNeeds(registry: Registry): MemberNeed[] {
  return [...registry.processors.values()].flatMap((processor) =>
    processor.needs.flatMap((need, needIndex) =>
      need.options.flatMap((option, optionIndex) => {
        const upstream = processorNamed(registry, option.processor);
        if (upstream.partitions.kind !== "dynamic") return [];
        const base = { downstream_processor: processor.name, need: needIndex, option: optionIndex };
        return [{ ...base, upstream_processor: upstream.name, set_name: upstream.partitions.name }];
      }),
    ),
  );
}

/** What an option leads to. `memberOf` is the parent whose members are meant, or empty. */
function targetsOf(
  registry: Registry,
  of: MappedPartition,
  option: CompiledOption,
): { to: Slice; memberOf: string }[] {
  const upstream = processorNamed(registry, option.processor);
  const needed = upstreamPartitions(option.mapping, of, upstream.partitions);
  if (needed.kind === "keys") {
    return needed.keys.map((key) => ({ to: { processor: upstream, key }, memberOf: "" }));
  }
  return needed.parents.map((parent) => ({ to: discovererOf(registry, upstream, parent), memberOf: parent }));
}

/** The output that discovers the members of a parent. */
function discovererOf(registry: Registry, upstream: CompiledProcessor, parent: string): Slice {
  if (upstream.partitions.kind !== "dynamic")
    throw new Error(`${upstream.name} has no discovered partitions`);
  const discoverer = processorNamed(registry, registry.discoverers.get(upstream.partitions.name) ?? "");
  const within = isSameSet(discoverer.partitions, upstream.partitions.within);
  return { processor: discoverer, key: within ? parent : SINGLE_KEY };
}

function termsOf(need: CompiledNeed, option: CompiledOption) {
  return { mode: need.mode, accepts_degraded: option.acceptsDegraded, any_of: need.options.length > 1 };
}
