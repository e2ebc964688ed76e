// The scheduler creates work at the slots of schedules: it looks once a second. A slot, what it asks for and the moment up
// to which is decided commit together, so of many processes one makes the run, and what a crash interrupts the next look does.

import { type CompiledSchedule, processorNamed, type Registry } from "../../define/registry.ts";
import { parseCron } from "../../domain/calendar/cron.ts";
import { decideSlots, jitterOf, partitionAt } from "../../domain/calendar/schedule.ts";
import { type Connection, type Database, transaction } from "../../store/database.ts";
import { recordEvent } from "../../store/history/records.ts";
import { readInstant } from "../../store/ledger/planning.ts";
import { findCodeVersion, lockRegistry } from "../../store/queue/registry.ts";
import type { DueSchedule, RequestRow, SlotRow } from "../../store/queue/schedules.queries.ts";
import {
  askDueRequests,
  findScheduleWork,
  insertRequests,
  insertSlots,
  lockDueSchedules,
  moveSchedules,
  pruneSlots,
} from "../../store/queue/schedules.ts";
import { hintReadyTasks } from "../../store/queue/tasks.ts";
import type { Slice } from "../planning/plan.ts";
import { planAndRelease } from "../planning/planner.ts";

const REQUESTS_AT_ONCE = 500;
const SLOTS_KEPT_DAYS = 30;
const SLOTS_PRUNED_AT_ONCE = 1_000;

export interface SchedulerOptions {
  database: Database;
  registry: Registry;
  namespace: string;
  codeVersion: string;
}

/** Decides the slots that have come, and asks for what is due. Does nothing once another code version is registered. */
export async function keepSchedules(options: SchedulerOptions): Promise<void> {
  const { database, codeVersion } = options;
  const work = await findScheduleWork(database, codeVersion);
  if (work.slots) await transaction(database, (connection) => decideDueSlots(connection, options));
  if (!work.slots && !work.requests) return;
  const asked = await askDueRequests(database, REQUESTS_AT_ONCE);
  if (asked.some(({ state }) => state === "ready")) await hintReadyTasks(database);
}

/** Forgets slots of more than 30 days ago. */
export async function pruneOldSlots(database: Database): Promise<void> {
  while ((await pruneSlots(database, SLOTS_KEPT_DAYS, SLOTS_PRUNED_AT_ONCE)) === SLOTS_PRUNED_AT_ONCE);
}

async function decideDueSlots(connection: Connection, options: SchedulerOptions): Promise<void> {
  const { registry, namespace, codeVersion } = options;
  // The lock of planning comes first, as everywhere: a slot may be the first to need its partition.
  await lockRegistry(connection, namespace);
  if ((await findCodeVersion(connection, namespace)) !== codeVersion) return;
  const decided = (await lockDueSchedules(connection)).flatMap((due) => decide(registry, due));
  const inserted = await insertSlots(
    connection,
    decided.flatMap((each) => each.slots),
  );
  const isNew = new Set(inserted.map(slotName));
  const requests = decided.flatMap((each) => each.requests).filter((each) => isNew.has(slotName(each)));
  await planMissing(connection, registry, namespace, requests);
  await insertRequests(connection, namespace, requests);
  await moveSchedules(
    connection,
    decided.map((each) => each.move),
  );
  for (const { move, slots } of decided) await recordMissed(connection, move.name, slots);
}

/** Slots that nobody was there for, and that the schedule's policy doesn't make up for, are noticed: a gap is never silent. */
async function recordMissed(connection: Connection, name: string, slots: readonly SlotRow[]): Promise<void> {
  const missed = slots.filter((each) => each.state === "skipped").map((each) => each.slot_at);
  const [first, last] = [missed[0], missed.at(-1)];
  if (first === undefined || last === undefined) return;
  const message =
    missed.length === 1
      ? `the slot at ${first} was missed`
      : `${missed.length} slots from ${first} to ${last} were missed`;
  await recordEvent(connection, {
    kind: "schedule.missed",
    subject: name,
    message,
    details: { slots: missed.length, first, last },
  });
}

interface Decided {
  slots: SlotRow[];
  requests: RequestRow[];
  move: { name: string; decided_until: string; next_slot_at: string | null };
}

function decide(registry: Registry, due: DueSchedule): Decided[] {
  const schedule = registry.schedules.get(due.name);
  if (schedule === undefined) return [];
  const decision = decideSlots(
    parseCron(schedule.cron),
    schedule.timezone,
    schedule.missed,
    Date.parse(due.decided_until),
    Date.parse(due.now),
  );
  const slots = [
    ...decision.skipped.map((slot) => slotRow(schedule, slot, "skipped")),
    ...decision.due.map((slot) => slotRow(schedule, slot, "due")),
  ];
  const next_slot_at = decision.next === undefined ? null : isoOf(decision.next);
  return [
    {
      slots,
      requests: decision.due.flatMap((slot) => requestRows(registry, schedule, slot)),
      move: { name: due.name, decided_until: due.now, next_slot_at },
    },
  ];
}

function slotRow(schedule: CompiledSchedule, slot: number, state: SlotRow["state"]): SlotRow {
  return { schedule: schedule.name, slot_at: isoOf(slot), state, due_at: dueAt(schedule, slot) };
}

function requestRows(registry: Registry, schedule: CompiledSchedule, slot: number): RequestRow[] {
  return schedule.run.flatMap((processor) => {
    const { partitions } = processorNamed(registry, processor);
    if (partitions.kind === "dynamic") return [];
    return {
      schedule: schedule.name,
      slot_at: isoOf(slot),
      processor,
      partition: partitionAt(partitions, schedule.partition, slot) ?? null,
      due_at: dueAt(schedule, slot),
    };
  });
}

/** Puts into the ledger what the slots mean and isn't there yet. */
async function planMissing(
  connection: Connection,
  registry: Registry,
  namespace: string,
  requests: readonly RequestRow[],
): Promise<void> {
  const named = requests.flatMap(({ processor, partition }): [string, Slice][] =>
    partition === null
      ? []
      : [[`${processor} ${partition}`, { processor: processorNamed(registry, processor), key: partition }]],
  );
  const slices = [...new Map(named).values()];
  const now = await readInstant(connection);
  await planAndRelease(connection, registry, namespace, slices, now);
}

function dueAt(schedule: CompiledSchedule, slot: number): string {
  return isoOf(slot + jitterOf(schedule.name, slot, schedule.jitterMs));
}

function isoOf(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

function slotName({ schedule, slot_at }: { schedule: string; slot_at: string }): string {
  return `${schedule} ${slot_at}`;
}
