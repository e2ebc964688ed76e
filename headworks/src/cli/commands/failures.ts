// `headworks failures list`, `show`, `retry`, `resolve` and `ignore`: failed tasks by what they have in common; and redrives.

import type { Command } from "commander";
import * as contract from "../../contract/failures.ts";
import { parseInput } from "../../contract/input.ts";
import * as redrives from "../../contract/redrives.ts";
import { PROD } from "../../domain/namespace.ts";
import { listFailures, listRedrives, showFailure } from "../../inspect/failures.ts";
import { cancelRedrive } from "../../operate/redrives.ts";
import {
  type IgnoreOptions,
  ignore,
  type ResolveOptions,
  type RetryOptions,
  resolve,
  retry,
} from "../failure-change.ts";
import type { GlobalOptions } from "../globals.ts";
import { rateOption, wholeOption } from "../options/arguments.ts";
import { addFilterOptions, type FilterOptions, readFilter } from "../options/failure-filter.ts";
import { addNamespaceOption, type NamespaceOptions } from "../options/namespace.ts";
import { addPageOptions, type PageOptions, sayWhereMoreIs } from "../options/page.ts";
import { addPayloadOptions } from "../options/payload.ts";
import { renderFailure, renderFailures, shortFingerprint } from "../render/failure-report.ts";
import { painter, widthOf, writeData, writeJson, writeMessage } from "../render/output.ts";
import { messageOfCancelled, renderRedrives } from "../render/redrive-report.ts";
import { renderRunDetails } from "../render/run-details-report.ts";
import { withNamespace, withOperator, withStore } from "../session.ts";

type ListOptions = FilterOptions & PageOptions & NamespaceOptions;
type PagedOptions = GlobalOptions & PageOptions;

const RETRY_HELP = `
Each is asked for as by \`headworks run\`: with new attempts, as soon as its queue lets it. More than one is confirmed first.

Examples:
  $ headworks failures retry 3f9a0c12                       # all tasks of this failure
  $ headworks failures retry --processor box_scores --since 6h
  $ headworks failures retry --all --yes --rate 20
  $ headworks failures retry 3f9a0c12 --from box_scores     # from an earlier processor on`;

export function configure(command: Command): void {
  addPageOptions(
    addFilterOptions(
      addNamespaceOption(command.command("list")).description(
        "list failed tasks, those that failed alike together",
      ),
    ),
  )
    .addHelpText("after", "\nExample:\n  $ headworks failures list --phase raw --since 6h")
    .action(async (_options, self: Command) => list(self.optsWithGlobals<ListOptions>()));
  addPageOptions(
    command
      .command("show <failure>")
      .description("show one failure: its tasks, and the details of the last run of one of them"),
  )
    .addHelpText("after", "\nExample:\n  $ headworks failures show 3f9a0c12")
    .action(async (failure: string, _options, self: Command) =>
      show(failure, self.optsWithGlobals<PagedOptions>()),
    );
  addRetry(command.command("retry [failure]"));
  command
    .command("resolve <failure>")
    .description("say that a failure is fixed; it opens again when it comes back")
    .requiredOption("--note <text>", "what was done")
    .option("--code-version <version>", "the one that still has the fault: what fails in it changes nothing")
    .addHelpText(
      "after",
      '\nExample:\n  $ headworks failures resolve 3f9a0c12 --note "the source has its key again"',
    )
    .action(async (failure: string, _options, self: Command) =>
      resolve(failure, self.optsWithGlobals<ResolveOptions>()),
    );
  const { min, max } = contract.IGNORED_ABOVE;
  command
    .command("ignore <failure>")
    .description("leave a failure alone until a time, or until it comes too often")
    .option("--until <when>", "for 6h, 2d, or until an instant")
    .option("--above <n>", "until more than so many tasks fail with it in an hour", wholeOption(min, max))
    .option("--note <text>", "why")
    .addHelpText("after", "\nExample:\n  $ headworks failures ignore 3f9a0c12 --until 2d")
    .action(async (failure: string, _options, self: Command) =>
      ignore(failure, self.optsWithGlobals<IgnoreOptions>()),
    );
  addPageOptions(
    command.command("redrives").description("list redrives: retries of many tasks, with how far each is"),
  )
    .addHelpText("after", "\nExample:\n  $ headworks failures redrives")
    .action(async (_options, self: Command) => redriven(self.optsWithGlobals<PagedOptions>()));
  command
    .command("cancel <redrive>")
    .description("stop a redrive; what it hasn't put back stays failed")
    .addHelpText("after", "\nExample:\n  $ headworks failures cancel 7")
    .action(async (redrive: string, _options, self: Command) =>
      cancel(redriveId(redrive), self.optsWithGlobals<GlobalOptions>()),
    );
}

function addRetry(command: Command): void {
  addPayloadOptions(
    addFilterOptions(command.description("run failed tasks again: of a failure, or all that fit")),
  )
    .option("--all", "all failed tasks")
    .option("--from <name>", "start at what they need of this processor or phase; run all between again")
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
}

const redriveId = wholeOption(1, Number.MAX_SAFE_INTEGER);

async function list(options: ListOptions): Promise<void> {
  const { limit, cursor } = options;
  const input = parseInput(contract.listFailures, { ...readFilter(options), limit, cursor });
  const page = await withNamespace(options, (database, namespace) =>
    listFailures(database, namespace, input),
  );
  if (options.json) return writeJson(page);
  writeData(renderFailures(page.items, rendering()));
  sayWhereMoreIs(page);
  const first = page.items.find((failure) => failure.fingerprint !== null)?.fingerprint;
  if (first) writeMessage(`→ headworks failures show ${shortFingerprint(first)}`);
}

async function show(named: string, { limit, cursor, ...options }: PagedOptions): Promise<void> {
  const input = parseInput(contract.showFailure, { fingerprint: named, limit, cursor });
  const shown = await withStore(options, (database) => showFailure(database, PROD, input));
  if (options.json) return writeJson(shown);
  const { fingerprint, failure, tasks, details } = shown;
  if (failure === null) return writeData(`no task has failed with ${fingerprint} that isn't retried`);
  writeData(renderFailure(failure, tasks.items, rendering()));
  if (details !== null) writeData(["", ...renderRunDetails(details, rendering())]);
  sayWhereMoreIs(tasks);
  writeMessage(`→ headworks failures retry ${shortFingerprint(fingerprint)}`);
}

async function redriven({ limit, cursor, ...options }: PagedOptions): Promise<void> {
  const input = parseInput(redrives.listRedrives, { limit, cursor });
  const page = await withStore(options, (database) => listRedrives(database, PROD, input));
  if (options.json) return writeJson(page);
  if (page.items.length === 0)
    return writeMessage("there was no redrive yet; `headworks failures retry` makes one");
  writeData(renderRedrives(page.items, rendering()));
  sayWhereMoreIs(page);
}

async function cancel(id: number, options: GlobalOptions): Promise<void> {
  const cancelled = await withOperator(options, (operator) => cancelRedrive(operator, { id }));
  if (options.json) return writeJson(cancelled);
  writeMessage(messageOfCancelled(cancelled));
}

function rendering() {
  const { stdout } = process;
  return { paint: painter(stdout), width: widthOf(stdout), now: Date.now() };
}
