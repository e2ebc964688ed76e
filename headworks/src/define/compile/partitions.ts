// The checks of partition sets: zones and days are real, and every discovered set has one discoverer.

import { isSameSet } from "../../domain/calendar/mapping.ts";
import type {
  CalendarPartitions,
  DynamicPartitions,
  PartitionSet,
} from "../../domain/calendar/partitions.ts";
import type { CompiledProcessor } from "../registry.ts";
import type { Problems } from "./problems.ts";
import { placeOf } from "./processor.ts";

interface Discovery {
  processor: string;
  set: DynamicPartitions;
}

/** Zones and days are real; each dynamic set has one discoverer, partitioned as the set's `within`. */
export function checkPartitions(processors: readonly CompiledProcessor[], problems: Problems): void {
  const discoveries = new Map<string, Discovery>();
  for (const processor of processors) {
    checkSet(`${placeOfProcessor(processor)} › partitions`, processor.partitions, problems);
    for (const set of processor.discovers) {
      checkDiscovery(processor, set, discoveries.get(set.name), problems);
      discoveries.set(set.name, { processor: processor.name, set });
    }
  }
  for (const processor of processors) checkDiscovered(processor, discoveries, problems);
}

function checkDiscovery(
  processor: CompiledProcessor,
  set: DynamicPartitions,
  other: Discovery | undefined,
  problems: Problems,
): void {
  const where = `${placeOfProcessor(processor)} › discovers`;
  problems.name(where, set.name);
  checkSet(where, set, problems);
  if (other !== undefined) {
    problems.add(
      where,
      "TWO_DISCOVERERS",
      `${set.name} is discovered by ${other.processor} already`,
      "let one processor discover a set",
    );
  }
  if (!isSameSet(processor.partitions, set.within) && processor.partitions.kind !== "single") {
    problems.add(
      where,
      "DISCOVERED_ELSEWHERE",
      `${set.name} lies within another partitioning than that of ${processor.name}`,
      "give the processor the partitions named in `within`, or single()",
    );
  }
}

function checkDiscovered(
  processor: CompiledProcessor,
  discoveries: ReadonlyMap<string, Discovery>,
  problems: Problems,
): void {
  const { partitions } = processor;
  if (partitions.kind !== "dynamic") return;
  const where = `${placeOfProcessor(processor)} › partitions`;
  const discovery = discoveries.get(partitions.name);
  if (discovery === undefined) {
    problems.add(
      where,
      "NO_DISCOVERER",
      `no processor discovers ${partitions.name}`,
      `add \`discovers\` to the one that calls ctx.discover("${partitions.name}", …)`,
    );
  } else if (!isSameSet(discovery.set.within, partitions.within)) {
    problems.add(
      where,
      "DUPLICATE_NAME",
      `two partition sets are called ${partitions.name}`,
      `declare it once, as ${discovery.processor} discovers it, and use that value`,
    );
  }
}

function placeOfProcessor(processor: CompiledProcessor): string {
  return placeOf("processor", processor.name, processor.declaredAt);
}

function checkSet(where: string, set: PartitionSet, problems: Problems): void {
  const calendar = set.kind === "dynamic" ? set.within : set;
  if (calendar.kind === "calendar") checkCalendar(where, calendar, problems);
}

function checkCalendar(where: string, set: CalendarPartitions, problems: Problems): void {
  if (!isTimezone(set.timezone)) {
    problems.add(
      where,
      "BAD_TIMEZONE",
      `there is no time zone ${set.timezone}`,
      "use an IANA name, such as America/New_York or UTC",
    );
  }
  for (const field of ["start", "end"] as const) {
    const day = set[field];
    if (day === undefined || isDay(day)) continue;
    problems.add(
      `${where}.${field}`,
      "BAD_DAY",
      `"${day}" is not a day`,
      "write year, month and day, such as 2026-01-14",
    );
  }
  if (set.end !== undefined && set.end < set.start) {
    problems.add(
      where,
      "ENDS_BEFORE_START",
      `it ends on ${set.end}, before it starts on ${set.start}`,
      "make the end the later day",
    );
  }
}

/** Whether the runtime knows the zone. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Whether it is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;
}
