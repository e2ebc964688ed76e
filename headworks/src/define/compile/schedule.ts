// Compiles schedules: patterns are read, zones and processors are known, jitter is shorter than what is between slots.

import { type CronPattern, parseCron } from "../../domain/calendar/cron.ts";
import { slotsAfter } from "../../domain/calendar/cron-slots.ts";
import { MISSED_POLICIES } from "../../domain/calendar/schedule.ts";
import { LIVE } from "../../domain/dispatch/lanes.ts";
import { formatDuration } from "../../domain/duration.ts";
import type { Pipeline } from "../pipeline.ts";
import type { CompiledProcessor, CompiledSchedule } from "../registry.ts";
import type { Schedule } from "../schedule.ts";
import { suggestion } from "./definitions.ts";
import { isTimezone } from "./partitions.ts";
import type { Problems } from "./problems.ts";
import { placeOf, processorNameOf } from "./processor.ts";

const DAYS_BACK_AT_MOST = 3_660;
/** The slots that jitter is compared with; any year will do. */
const SLOTS_COMPARED = 100;
const COMPARED_FROM = Date.UTC(2026, 0, 1);

export function compileSchedule(
  pipeline: Pipeline,
  schedule: Schedule,
  processors: ReadonlyMap<string, CompiledProcessor>,
  problems: Problems,
): CompiledSchedule {
  const { name, options, declaredAt } = schedule;
  const where = placeOf("schedule", name, declaredAt);
  problems.name(where, name);
  const timezone = checkedTimezone(`${where} › timezone`, options.timezone ?? "UTC", problems);
  const jitterMs = problems.durationMs(`${where} › jitter`, options.jitter, 0);
  checkTimes(where, options.cron, timezone, jitterMs, problems);
  const missed = options.missed ?? "latest";
  if (!MISSED_POLICIES.includes(missed)) {
    problems.add(
      `${where} › missed`,
      "UNKNOWN_MISSED_POLICY",
      `${missed} is no policy for missed slots`,
      `use one of: ${MISSED_POLICIES.join(", ")}`,
    );
  }
  const partition = options.partition ?? "newest";
  checkPartition(`${where} › partition`, partition, problems);
  const run = checkedTargets(where, schedule, processors, problems);
  checkLane(where, options.lane, run, processors, problems);
  return {
    name,
    pipeline: pipeline.name,
    cron: options.cron,
    timezone,
    partition,
    missed,
    jitterMs,
    lane: options.lane ?? LIVE,
    run,
  };
}

function checkedTimezone(where: string, timezone: string, problems: Problems): string {
  if (isTimezone(timezone)) return timezone;
  problems.add(
    where,
    "BAD_TIMEZONE",
    `there is no time zone ${timezone}`,
    "use an IANA name, such as America/New_York or UTC",
  );
  return "UTC";
}

/** The pattern comes up at all, and not so often that jitter would mix up its slots. */
function checkTimes(
  where: string,
  cron: string,
  timezone: string,
  jitterMs: number,
  problems: Problems,
): void {
  const hint =
    'write minute, hour, day, month and weekday: "0 3 * * *" is every day at 03:00, "*/15 * * * *" every 15 minutes';
  let slots: number[];
  try {
    slots = firstSlots(parseCron(cron), timezone);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    problems.add(`${where} › cron`, "BAD_CRON", error.message, hint);
    return;
  }
  if (slots.length === 0) {
    problems.add(`${where} › cron`, "BAD_CRON", `"${cron}" never comes: no month has such a day`, hint);
  }
  const shortest = Math.min(...slots.slice(1).map((slot, index) => slot - (slots[index] ?? 0)));
  if (jitterMs <= shortest) return;
  problems.add(
    `${where} › jitter`,
    "JITTER_TOO_LONG",
    `it is longer than the ${formatDuration(shortest)} from one slot to the next`,
    "make it shorter than that",
  );
}

function firstSlots(pattern: CronPattern, timezone: string): number[] {
  const slots: number[] = [];
  for (const slot of slotsAfter(pattern, timezone, COMPARED_FROM)) {
    if (slots.push(slot) === SLOTS_COMPARED) break;
  }
  return slots;
}

function checkPartition(where: string, partition: CompiledSchedule["partition"], problems: Problems): void {
  if (partition === "newest") return;
  if (typeof partition === "object" && Number.isSafeInteger(partition.daysBack)) {
    problems.number(`${where}.daysBack`, partition.daysBack, { min: 0, max: DAYS_BACK_AT_MOST });
    return;
  }
  problems.add(
    where,
    "BAD_SLOT_PARTITION",
    `${JSON.stringify(partition)} says no partition`,
    'write "newest", or { daysBack: 1 } for that of the day before',
  );
}

/** Each of its processors' queues has the lane. */
function checkLane(
  where: string,
  lane: string | undefined,
  run: readonly string[],
  processors: ReadonlyMap<string, CompiledProcessor>,
  problems: Problems,
): void {
  if (lane === undefined || lane === LIVE) return;
  for (const processor of run.flatMap((name) => processors.get(name) ?? [])) {
    const { name, lanes } = processor.queue;
    if (lanes.some((each) => each.name === lane)) continue;
    problems.add(
      `${where} › lane`,
      "UNKNOWN_LANE",
      `the queue ${name} of ${processor.name} has no lane ${lane}`,
      suggestion(lane, lanes.length > 0 ? lanes.map((each) => each.name) : [LIVE]),
    );
  }
}

function checkedTargets(
  where: string,
  { options }: Schedule,
  processors: ReadonlyMap<string, CompiledProcessor>,
  problems: Problems,
): string[] {
  const listed = Array.isArray(options.run) ? options.run : [options.run];
  const names = [...new Set(listed.map(processorNameOf))];
  if (names.length === 0) {
    problems.add(`${where} › run`, "NOTHING_TO_RUN", "it names no processor", "name at least one processor");
  }
  for (const name of names) {
    const processor = processors.get(name);
    if (processor === undefined) {
      problems.add(
        `${where} › run`,
        "UNKNOWN_PROCESSOR",
        `unknown processor ${name}`,
        suggestion(name, [...processors.keys()]),
      );
    } else if (processor.partitions.kind === "dynamic") {
      problems.add(
        `${where} › run`,
        "DISCOVERED_NOT_SCHEDULED",
        `the partitions of ${name} are discovered, so a time says none of them`,
        "schedule the processor that discovers them",
      );
    }
  }
  return names;
}
