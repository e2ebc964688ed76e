// `headworks schedules list`, `show`, `pause` and `resume`: when work is created, and what became of it.

import type { Command } from "commander";
import { listSchedules, showSchedule } from "../../inspect/schedules.ts";
import { pauseSchedule, resumeSchedule } from "../../operate/schedules.ts";
import type { GlobalOptions } from "../globals.ts";
import { wholeOption } from "../options/arguments.ts";
import type { RenderOptions } from "../render/health-report.ts";
import { painter, widthOf, writeData, writeJson, writeMessage } from "../render/output.ts";
import { renderSchedule, renderSchedules } from "../render/schedule-report.ts";
import { withOperator, withStore } from "../session.ts";

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
    .description("create no more work by a schedule, and drop its pending requests")
    .addHelpText("after", "\nExample:\n  $ headworks schedules pause nightly")
    .action(async (name: string, _options, self: Command) =>
      pause(name, self.optsWithGlobals<GlobalOptions>()),
    );
  command
    .command("resume <name>")
    .description("continue with the next slot; slots of the pause are not made up for")
    .addHelpText("after", "\nExample:\n  $ headworks schedules resume nightly")
    .action(async (name: string, _options, self: Command) =>
      resume(name, self.optsWithGlobals<GlobalOptions>()),
    );
}

async function list(options: GlobalOptions): Promise<void> {
  const page = await withStore(options, listSchedules);
  if (options.json) return writeJson(page);
  writeData(renderSchedules(page.items, rendering()));
}

async function show(name: string, options: ShowOptions): Promise<void> {
  const { next, slots } = options;
  const shown = await withStore(options, (database) => showSchedule(database, { name, next, slots }));
  if (options.json) return writeJson(shown);
  writeData(renderSchedule(shown, rendering()));
}

async function pause(name: string, options: GlobalOptions): Promise<void> {
  const paused = await withOperator(options, (operator) => pauseSchedule(operator, { name }));
  if (options.json) return writeJson(paused);
  const what = paused.was_paused ? "was already paused" : "is paused";
  writeMessage(`${name} ${what}; \`headworks schedules resume ${name}\` continues with the next slot`);
}

async function resume(name: string, options: GlobalOptions): Promise<void> {
  const resumed = await withOperator(options, (operator) => resumeSchedule(operator, { name }));
  if (options.json) return writeJson(resumed);
  const what = resumed.was_paused ? "is resumed" : "was not paused";
  writeMessage(`${name} ${what}; its next slot is ${resumed.next_slot_at ?? "never"}`);
}

function rendering(): RenderOptions {
  const { stdout } = process;
  return { paint: painter(stdout), width: widthOf(stdout), now: Date.now() };
}
