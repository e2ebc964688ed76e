// `headworks queues list`, `pause`, `resume` and `purge`: how fast work is dispatched, and what to do about it by hand.

import type { Command } from "commander";
import type { Purgeable } from "../../contract/queues.ts";
import { HeadworksError } from "../../domain/error.ts";
import { plural } from "../../domain/plural.ts";
import { countPurgeable, listQueues } from "../../inspect/queues.ts";
import type { Operator } from "../../operate/operator.ts";
import { pauseQueue, purgeQueue, resumeQueue } from "../../operate/queues.ts";
import { confirm } from "../confirm.ts";
import type { GlobalOptions } from "../globals.ts";
import { painter, widthOf, writeData, writeJson, writeMessage } from "../render/output.ts";
import { openProgressLine } from "../render/progress-line.ts";
import { renderQueues } from "../render/queue-report.ts";
import { withOperator, withStore } from "../session.ts";

interface PurgeOptions extends GlobalOptions {
  yes?: boolean;
}

const PURGE_HELP = `
Tasks that run, and failed ones, stay. An output that was expected is waived then, with the reason "purged": what needs
it goes on without it, and \`headworks run\` brings it back. One that was settled before stays as it was.

Examples:
  $ headworks queues purge stats          # tells how many, and asks
  $ headworks queues purge stats --yes`;

export function configure(command: Command): void {
  command
    .command("list")
    .description("list queues with their limits and their tasks")
    .addHelpText("after", "\nExample:\n  $ headworks queues list")
    .action(async (_options, self: Command) => list(self.optsWithGlobals<GlobalOptions>()));
  command
    .command("pause <name>")
    .description("start nothing more from a queue; what runs, runs on")
    .addHelpText("after", "\nExample:\n  $ headworks queues pause stats")
    .action(async (name: string, _options, self: Command) =>
      pause(name, self.optsWithGlobals<GlobalOptions>()),
    );
  command
    .command("resume <name>")
    .description("go on with a queue")
    .addHelpText("after", "\nExample:\n  $ headworks queues resume stats")
    .action(async (name: string, _options, self: Command) =>
      resume(name, self.optsWithGlobals<GlobalOptions>()),
    );
  command
    .command("purge <name>")
    .description("delete the tasks of a queue that wait for their turn")
    .option("--yes", "don't ask")
    .addHelpText("after", PURGE_HELP)
    .action(async (name: string, _options, self: Command) =>
      purge(name, self.optsWithGlobals<PurgeOptions>()),
    );
}

async function list(options: GlobalOptions): Promise<void> {
  const page = await withStore(options, listQueues);
  if (options.json) return writeJson(page);
  const { stdout } = process;
  writeData(renderQueues(page.items, { paint: painter(stdout), width: widthOf(stdout), now: Date.now() }));
}

async function pause(name: string, options: GlobalOptions): Promise<void> {
  const paused = await withOperator(options, (operator) => pauseQueue(operator, { name }));
  if (options.json) return writeJson(paused);
  const what = paused.was_paused ? "was paused already" : "is paused, what runs of it runs on";
  writeMessage(`${name} ${what}; \`headworks queues resume ${name}\` goes on`);
}

async function resume(name: string, options: GlobalOptions): Promise<void> {
  const resumed = await withOperator(options, (operator) => resumeQueue(operator, { name }));
  if (options.json) return writeJson(resumed);
  writeMessage(`${name} ${resumed.was_paused ? "goes on" : "was not paused"}`);
}

async function purge(name: string, options: PurgeOptions): Promise<void> {
  const { counted, purged } = await withOperator(options, async (operator) => {
    const found = await countPurgeable(operator.database, operator.namespace, { name });
    if (
      found.purgeable > 0 &&
      !options.yes &&
      !(await confirm(`Delete ${plural(found.purgeable, "task")} of ${name}?`))
    )
      throw notConfirmed(name, found);
    return { counted: found, purged: await purgeWithProgress(operator, name, found) };
  });
  if (options.json) return writeJson(purged);
  writeMessage(
    `${name}: ${plural(purged.purged, "task")} deleted, ${plural(purged.waived, "output")} waived${stayed(counted)}`,
  );
  if (purged.released > 0)
    writeMessage(
      `${plural(purged.released, "task")} downstream needed no more than these: \`headworks status\``,
    );
}

async function purgeWithProgress(operator: Operator, name: string, found: Purgeable) {
  const line = openProgressLine(process.stderr);
  const show = (done: number) =>
    line.show(() => `${name}: ${done.toLocaleString("en")} of ${plural(found.purgeable, "task")} deleted`);
  return purgeQueue(operator, { name, newest_id: found.newest_id }, show).finally(() => line.end());
}

function stayed({ running, failed }: Purgeable): string {
  const kinds = [running > 0 ? `${running} running` : "", failed > 0 ? `${failed} failed` : ""];
  const said = kinds.filter((each) => each !== "").join(" and ");
  return said === "" ? "" : `; ${said} stayed`;
}

function notConfirmed(name: string, { purgeable }: Purgeable): HeadworksError {
  return new HeadworksError({
    code: "NOT_CONFIRMED",
    message: `${plural(purgeable, "task")} of ${name} would be deleted; that was not confirmed, so nothing was`,
    hint: `run \`headworks queues purge ${name} --yes\` to delete them`,
  });
}
