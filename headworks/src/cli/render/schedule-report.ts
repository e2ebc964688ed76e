// Writes schedules for people: when each comes next, in its own zone and in UTC, and what became of its slots.

import { Temporal } from "temporal-polyfill";
import type { Schedule, Slot } from "../../contract/schedules.ts";
import { formatDuration } from "../../domain/duration.ts";
import { plural } from "../../domain/plural.ts";
import { shortRunId } from "../../inspect/runs.ts";
import { nameEnding } from "../../inspect/wording.ts";
import { field } from "./field.ts";
import type { RenderOptions } from "./health-report.ts";
import { relative, toSeconds } from "./instants.ts";
import type { Style } from "./output.ts";
import { outcomeStyle } from "./styles.ts";
import { type Column, table } from "./table.ts";

export function renderSchedules(schedules: readonly Schedule[], options: RenderOptions): string[] {
  if (schedules.length === 0) return ["no schedule is declared: add `schedules` to the pipeline"];
  const columns: Column<Schedule>[] = [
    { title: "schedule", value: (row) => row.name },
    { title: "cron", value: (row) => row.cron },
    { title: "zone", value: (row) => row.timezone },
    { title: "last", align: "right", value: (row) => relative(row.last_slot_at, options.now) },
    { title: "what became of it", value: lastOf, style: (row) => slotStyle(row.slots[0]) },
    { title: "next", align: "right", value: (row) => nextOf(row, options.now) },
    { title: "runs", value: (row) => row.processors.join(", "), flexible: true },
  ];
  return table(schedules, columns, options);
}

export function renderSchedule(view: Schedule, options: RenderOptions): string[] {
  const paused = view.paused_at === null ? "" : `  paused ${relative(view.paused_at, options.now)}`;
  const next = view.next_slots_at.map(
    (slot) => `${inZone(slot, view.timezone)}  ${toSeconds(slot)}  ${relative(slot, options.now)}`,
  );
  const nothing = view.paused_at === null ? "never" : `\`headworks schedules resume ${view.name}\``;
  const missed = new Set(
    view.slots.filter((each) => each.slot_state === "skipped").map((each) => each.slot_at),
  );
  return [
    `${options.paint("bold", view.name)}${options.paint("yellow", paused)}`,
    field("cron", `${view.cron}  ${view.timezone}`),
    field("runs", `${view.processors.join(", ")}, ${partitionOf(view)}`),
    field("missed", missedText(view, missed.size)),
    ...(view.jitter_ms > 0 ? [field("jitter", `up to ${formatDuration(view.jitter_ms)}`)] : []),
    ...(view.pending > 0 ? [field("pending", `${view.pending}: a run or its jitter is waited for`)] : []),
    field("next", next[0] ?? nothing),
    ...next.slice(1).map((line) => field("", line)),
    "",
    ...(view.slots.length === 0
      ? ["no slot has come up yet"]
      : table(view.slots, slotColumns(view), options)),
  ];
}

function missedText({ missed }: Schedule, count: number): string {
  const policy = {
    skip: "none is made up for",
    latest: "the latest is made up for",
    all: "all are made up for",
  };
  return `${policy[missed]}${count === 0 ? "" : `; ${count} of the slots below`}`;
}

function slotColumns({ timezone }: Schedule): Column<Slot>[] {
  return [
    { title: "slot", value: (row) => inZone(row.slot_at, timezone) },
    { title: "UTC", value: (row) => toSeconds(row.slot_at) },
    { title: "processor", value: (row) => row.processor },
    { title: "partition", value: (row) => row.partition },
    { title: "run", value: (row) => (row.run_id === null ? null : shortRunId(row.run_id)) },
    { title: "what became of it", value: becameOf, style: slotStyle, flexible: true },
  ];
}

function lastOf({ slots }: Schedule): string | null {
  const [first] = slots;
  if (first === undefined) return null;
  const same = slots.filter((each) => each.slot_at === first.slot_at).map(becameOf);
  return [...new Set(same)].join("; ");
}

function becameOf(slot: Slot): string {
  if (slot.slot_state === "skipped") return "missed";
  switch (slot.state) {
    case "pending":
      return "pending";
    case "dropped":
      return "dropped";
    case "no_partition":
      return "no partition then";
    default:
      return statusOf(slot);
  }
}

function statusOf({ outcome, reason, task_state }: Slot): string {
  const ending = outcome === null ? undefined : nameEnding(outcome, reason);
  if (task_state === null) return ending ?? "waits for a dependency";
  return ending === undefined ? task_state : `${task_state} after ${ending}`;
}

function slotStyle(slot: Slot | undefined): Style | undefined {
  if (slot === undefined) return undefined;
  if (slot.slot_state === "skipped") return "yellow";
  return slot.task_state === null && slot.outcome !== null ? outcomeStyle(slot.outcome) : undefined;
}

function nextOf(row: Schedule, now: number): string {
  if (row.paused_at !== null) return "paused";
  return relative(row.next_slots_at[0] ?? null, now);
}

function partitionOf({ days_back }: Schedule): string {
  if (days_back === null) return "the newest partition that is open";
  return days_back === 0
    ? "the partition of the slot's day"
    : `the partition of ${plural(days_back, "day")} before`;
}

/** The time that a clock of the zone shows, with its offset, since one may come twice. */
function inZone(instant: string, timezone: string): string {
  const at = Temporal.Instant.from(instant).toZonedDateTimeISO(timezone);
  return `${at.toPlainDate()} ${at.toPlainTime().toString({ smallestUnit: "minute" })} ${at.offset}`;
}
