// `headworks logs`: searches what runs have logged, and follows it while it comes.

import { type Command, Option } from "commander";
import { parseInput } from "../../contract/input.ts";
import type { FoundLine } from "../../contract/logs.ts";
import * as contract from "../../contract/logs.ts";
import { HeadworksError } from "../../domain/error.ts";
import { requireKnown } from "../../domain/known-name.ts";
import { OUTCOMES } from "../../domain/settlement/outcome.ts";
import { SEVERITIES } from "../../domain/severity.ts";
import { followSearch, searchLogs } from "../../inspect/logs.ts";
import type { LogFollower } from "../../store/history/log-follower.ts";
import { formatPretty } from "../../telemetry/format-pretty.ts";
import { wholeOption } from "../options/arguments.ts";
import { addNamespaceOption, type NamespaceOptions } from "../options/namespace.ts";
import { parseSince } from "../render/instants.ts";
import { writeData, writeJsonLine, writeMessage } from "../render/output.ts";
import { withNamespace } from "../session.ts";

interface LogsOptions extends NamespaceOptions {
  run?: string;
  processor?: string;
  partition?: string;
  outcome?: string;
  severity?: string;
  field?: string;
  grep?: string;
  since?: string;
  limit: number;
  cursor?: string;
  follow?: boolean;
}

const LOOK_EVERY_MS = 500;

export function configure(command: Command): void {
  addNamespaceOption(command)
    .option("--run <id>", "of this run (or the beginning of its id)")
    .option("--processor <name>", "of this processor")
    .option("--partition <key>", "of this partition")
    .addOption(new Option("--outcome <outcome>", `of runs that ended so: ${OUTCOMES.join(", ")}`))
    .addOption(new Option("--severity <severity>", `this or worse: ${SEVERITIES.join(", ")}`))
    .option("--field <name=value>", "with this field, or one within another (error.code=…)")
    .option("--grep <text>", "with this text in the message or the fields, in any case")
    .option("--since <when>", "90m, 6h, 2d ago, or an instant")
    .option(
      "--limit <n>",
      "how many, the newest",
      wholeOption(contract.LOG_LIMIT.min, contract.LOG_LIMIT.max),
      contract.LOG_LIMIT.default,
    )
    .option("--cursor <cursor>", "the lines before those of an earlier page")
    .option("--follow", "go on as lines come, until Ctrl-C")
    .addHelpText(
      "after",
      "\nWith --json each line is an object of its own.\n\nExample:\n  $ headworks logs --processor box_scores_raw --severity ERROR --since 6h",
    )
    .action(async (_options, self: Command) => logs(self.optsWithGlobals<LogsOptions>()));
}

async function logs(options: LogsOptions): Promise<void> {
  const input = inputOf(options);
  if (options.follow && input.outcome !== undefined) throw followsNoOutcome();
  const write = options.json ? writeJsonLine : (line: FoundLine) => writeData(pretty(line));
  await withNamespace(options, async (database, namespace) => {
    const { items, next_cursor } = await searchLogs(database, namespace, input);
    for (const line of items) write(line);
    if (options.follow) return follow(await followSearch(database, namespace, input, items), write);
    if (items.length === 0) writeMessage("no line matches");
    if (next_cursor !== null) writeMessage(`there are older ones: --cursor '${next_cursor}'`);
  });
}

function inputOf(options: LogsOptions) {
  const { run, processor, partition, outcome, field, grep: text, since, limit, cursor } = options;
  const severity = options.severity?.toUpperCase();
  if (outcome !== undefined) requireKnown("outcome", outcome, OUTCOMES);
  if (severity !== undefined) requireKnown("severity", severity, SEVERITIES);
  return parseInput(contract.searchLogs, {
    ...{ run, processor, partition, outcome, severity, text, limit, cursor },
    field: field === undefined ? undefined : parseField(field),
    since: since === undefined ? undefined : parseSince(since, Date.now()),
  });
}

/** Never ends by itself. */
async function follow(follower: LogFollower, write: (line: FoundLine) => void): Promise<void> {
  for (;;) {
    for (const line of await follower.next()) write(line);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function followsNoOutcome(): HeadworksError {
  return new HeadworksError({
    code: "USAGE",
    message: "--follow and --outcome can't be used together",
    hint: "leave one of them out: a run that still logs has no outcome",
  });
}

function pretty({ at, severity, message, fields, processor, partition }: FoundLine): string {
  const event = {
    at: new Date(at),
    severity,
    message,
    fields: fields as Record<string, never> | null,
    labels: { processor, partition },
  };
  return formatPretty(event, process.stdout);
}

function parseField(text: string): { name: string; value: string } {
  const at = text.indexOf("=");
  if (at > 0) return { name: text.slice(0, at), value: text.slice(at + 1) };
  throw new HeadworksError({
    code: "OPTION_INVALID",
    message: `--field ${text} is not of the form name=value`,
    hint: "write the field and its value as text, such as --field game_id=0022500001",
  });
}
