// `headworks failed list`, `show`, `retry`, `resolve` and `ignore`: failed tasks by what they have in common.

import type { Command } from "commander";
import { PROD } from "../../domain/namespace.ts";
import { detailsOf } from "../../inspect/run-details.ts";
import { listFailedTasks, listFailures } from "../../store/failure/failures.ts";
import { type ChangeOptions, ignore, type RetryOptions, resolve, retry } from "../failed-change.ts";
import type { GlobalOptions } from "../globals.ts";
import { rateOption, wholeOption } from "../options/arguments.ts";
import {
  addFilterOptions,
  type FilterOptions,
  readFilter,
  requireFailure,
} from "../options/failed-filter.ts";
import { addPayloadOptions } from "../options/payload.ts";
import { renderFailedTasks, renderFailures } from "../render/failed-report.ts";
import { painter, widthOf, writeData, writeJson, writeMessage } from "../render/output.ts";
import { cancel, showRedrives } from "../render/redrive-report.ts";
import { renderRunDetails } from "../render/run-details-report.ts";
import { withStore } from "../session.ts";

interface ListOptions extends FilterOptions {
  limit: number;
}

const TASKS_SHOWN = 20;

const RETRY_HELP = `
Each is asked for as by \`headworks run\`: with new attempts, as soon as its queue lets it. More than one is confirmed first.

Examples:
  $ headworks failed retry 3f9a0c12                       # all that failed so
  $ headworks failed retry --processor box_scores --since 6h
  $ headworks failed retry --all --yes --rate 20
  $ headworks failed retry 3f9a0c12 --from box_scores     # what it was made from, anew`;

export function configure(command: Command): void {
  addFilterOptions(command.command("list").description("list failed tasks, those that failed alike together"))
    .option("--limit <n>", "how many", wholeOption(1, 10_000), 50)
    .addHelpText("after", "\nExample:\n  $ headworks failed list --phase raw --since 6h")
    .action(async (_options, self: Command) => list(self.optsWithGlobals<ListOptions>()));
  command
    .command("show <failure>")
    .description("tell of one failure: its tasks, and all details of one of them")
    .addHelpText("after", "\nExample:\n  $ headworks failed show 3f9a0c12")
    .action(async (failure: string, _options, self: Command) =>
      show(failure, self.optsWithGlobals<GlobalOptions>()),
    );
  addPayloadOptions(
    addFilterOptions(
      command.command("retry [failure]").description("run failed tasks again: of a failure, or all that fit"),
    ),
  )
    .option("--all", "all failed tasks")
    .option("--from <name>", "from what they need of this processor or phase on, with all that lies between")
    .option(
      "--rate <n>",
      "tasks per second that are put back; default: as fast as that can be done",
      rateOption,
    )
    .option("--yes", "don't ask")
    .addHelpText("after", RETRY_HELP)
    .action(async (failure: string | undefined, _options, self: Command) =>
      retry(failure, self.optsWithGlobals<RetryOptions>()),
    );
  command
    .command("resolve <failure>")
    .description("say that a failure is fixed; it is open again when it comes back")
    .requiredOption("--note <text>", "what was done")
    .option("--code-version <version>", "the one that still has the fault: what fails in it changes nothing")
    .addHelpText(
      "after",
      '\nExample:\n  $ headworks failed resolve 3f9a0c12 --note "the source has its key again"',
    )
    .action(async (failure: string, _options, self: Command) =>
      resolve(failure, self.optsWithGlobals<ChangeOptions & { note: string }>()),
    );
  command
    .command("ignore <failure>")
    .description("leave a failure alone until a time, or until it comes too often")
    .option("--until <when>", "for 6h, 2d, or until an instant")
    .option("--above <n>", "until more than so many tasks fail with it in an hour", wholeOption(1, 1_000_000))
    .option("--note <text>", "why")
    .addHelpText("after", "\nExample:\n  $ headworks failed ignore 3f9a0c12 --until 2d")
    .action(async (failure: string, _options, self: Command) =>
      ignore(failure, self.optsWithGlobals<ChangeOptions & { until?: string; above?: number }>()),
    );
  command
    .command("redrives")
    .description("list redrives: retries of many tasks, with how far each is")
    .addHelpText("after", "\nExample:\n  $ headworks failed redrives")
    .action(async (_options, self: Command) => showRedrives(self.optsWithGlobals<GlobalOptions>()));
  command
    .command("cancel <redrive>")
    .description("stop a redrive; what it hasn't put back stays failed")
    .addHelpText("after", "\nExample:\n  $ headworks failed cancel 7")
    .action(async (redrive: string, _options, self: Command) =>
      cancel(redriveId(redrive), self.optsWithGlobals<GlobalOptions>()),
    );
}

const redriveId = wholeOption(1, Number.MAX_SAFE_INTEGER);

async function list(options: ListOptions): Promise<void> {
  const failures = await withStore(options, async (database) =>
    listFailures(database, await readFilter(database, options), options.limit),
  );
  if (options.json) return writeJson({ items: failures, next_cursor: null });
  writeData(renderFailures(failures, rendering()));
  const first = failures.find((failure) => failure.fingerprint !== null)?.fingerprint;
  if (first) writeMessage(`→ headworks failed show ${first.slice(0, 8)}`);
}

async function show(named: string, options: GlobalOptions): Promise<void> {
  const { fingerprint, failure, tasks, details } = await withStore(options, async (database) => {
    const found = await requireFailure(database, named);
    const filter = { namespace: PROD, fingerprint: found };
    const [listed] = await listFailures(database, filter, 1);
    const those = await listFailedTasks(database, filter, { after: 0, limit: TASKS_SHOWN });
    const one = those[0];
    return {
      fingerprint: found,
      failure: listed ?? null,
      tasks: those,
      details: one === undefined ? null : await detailsOf(database, one.output_id, undefined),
    };
  });
  if (options.json) return writeJson({ fingerprint, failure, tasks, details });
  if (failure === null || details === null)
    return writeData(`no task has failed with ${fingerprint} that isn't retried`);
  writeData([
    ...renderFailures([failure], rendering()),
    ...(failure.note === null ? [] : [`note: ${failure.note}`]),
    "",
    ...renderFailedTasks(tasks, rendering()),
    ...(failure.tasks > tasks.length ? [`and ${failure.tasks - tasks.length} more`] : []),
    "",
    ...renderRunDetails(details, rendering()),
  ]);
  writeMessage(`→ headworks failed retry ${fingerprint.slice(0, 8)}`);
}

function rendering() {
  const { stdout } = process;
  return { paint: painter(stdout), width: widthOf(stdout), now: Date.now() };
}
