// `headworks schedules list`, `show`, `pause` and `resume`: when work is created, and what became of it.

import type { Command } from "commander";
import { requireKnown } from "../../domain/known-name.ts";
import { type Executor, transaction } from "../../store/database.ts";
import { recordAudit } from "../../store/history/records.ts";
import { listSchedules, listSlots, pauseSchedule, resumeSchedule } from "../../store/queue/schedules.ts";
import { actor } from "../actor.ts";
import type { GlobalOptions } from "../globals.ts";
import { wholeOption } from "../options/arguments.ts";
import type { RenderOptions } from "../render/health-report.ts";
import { painter, widthOf, writeData, writeJson, writeMessage } from "../render/output.ts";
import { nextSlots, renderSchedule, renderSchedules, type ScheduleView } from "../render/schedule-report.ts";
import { withStore } from "../session.ts";

interface ShowOptions extends GlobalOptions {
  next: number;
  slots: number;
}

export function configure(command: Command): void {
  command
    .command("list")
    .description("list schedules with their last and next slot")
    .addHelpText("after", "\nExample:\n  $ headworks schedules list")
    .action(async (_options, self: Command) => list(self.optsWithGlobals<GlobalOptions>()));
  command
    .command("show <name>")
    .description("show the next slots of a schedule, and what became of the latest")
    .option("--next <n>", "how many of the next slots", wholeOption(0, 1_000), 5)
    .option("--slots <n>", "how many of the latest slots", wholeOption(0, 10_000), 20)
    .addHelpText("after", "\nExample:\n  $ headworks schedules show nightly --slots 100")
    .action(async (name: string, _options, self: Command) => show(name, self.optsWithGlobals<ShowOptions>()));
  command
    .command("pause <name>")
    .description("create no more work by a schedule, and drop what it hasn't asked for yet")
    .addHelpText("after", "\nExample:\n  $ headworks schedules pause nightly")
    .action(async (name: string, _options, self: Command) =>
      pause(name, self.optsWithGlobals<GlobalOptions>()),
    );
  command
    .command("resume <name>")
    .description("go on with the next slot; those of the pause are not made up for")
    .addHelpText("after", "\nExample:\n  $ headworks schedules resume nightly")
    .action(async (name: string, _options, self: Command) =>
      resume(name, self.optsWithGlobals<GlobalOptions>()),
    );
}

async function list(options: GlobalOptions): Promise<void> {
  const views = await withStore(options, async (database) => {
    const schedules = await listSchedules(database);
    return Promise.all(schedules.map((each) => viewOf(database, each.name, { next: 1, slots: 1 })));
  });
  if (options.json) return writeJson({ items: views, next_cursor: null });
  writeData(renderSchedules(views, rendering()));
}

async function show(name: string, options: ShowOptions): Promise<void> {
  const view = await withStore(options, (database) => viewOf(database, name, options));
  if (options.json) return writeJson(view);
  writeData(renderSchedule(view, rendering()));
}

async function pause(name: string, options: GlobalOptions): Promise<void> {
  const done = await withStore(options, async (database) => {
    await requireSchedule(database, name);
    return transaction(database, async (connection) => {
      await recordAudit(connection, { actor: actor(), action: "schedule.pause", subject: name });
      return pauseSchedule(connection, name);
    });
  });
  if (options.json) return writeJson({ name, paused_at: done?.paused_at ?? null });
  const what = done?.was_paused ? "was paused already" : "is paused";
  writeMessage(`${name} ${what}; \`headworks schedules resume ${name}\` goes on with the next slot`);
}

async function resume(name: string, options: GlobalOptions): Promise<void> {
  const { view, done } = await withStore(options, async (database) => {
    await requireSchedule(database, name);
    const resumed = await transaction(database, async (connection) => {
      await recordAudit(connection, { actor: actor(), action: "schedule.resume", subject: name });
      return resumeSchedule(connection, name);
    });
    return { done: resumed, view: await viewOf(database, name, { next: 1, slots: 0 }) };
  });
  if (options.json) return writeJson({ name, paused_at: null, next_slot_at: view.next_slots_at[0] ?? null });
  const what = done?.was_paused ? "goes on" : "was not paused";
  writeMessage(`${name} ${what}; its next slot is ${view.next_slots_at[0] ?? "never"}`);
}

async function viewOf(
  executor: Executor,
  name: string,
  { next, slots }: { next: number; slots: number },
): Promise<ScheduleView> {
  const schedule = await requireSchedule(executor, name);
  return {
    ...schedule,
    next_slots_at: nextSlots(schedule, Date.now(), next),
    slots: await listSlots(executor, name, slots),
  };
}

/** Throws UNKNOWN_SCHEDULE. */
async function requireSchedule(executor: Executor, name: string) {
  const schedules = await listSchedules(executor);
  requireKnown(
    "schedule",
    name,
    schedules.map((each) => each.name),
  );
  const found = schedules.find((each) => each.name === name);
  if (found === undefined) throw new Error(`${name} is known and not there`);
  return found;
}

function rendering(): RenderOptions {
  const { stdout } = process;
  return { paint: painter(stdout), width: widthOf(stdout), now: Date.now() };
}
