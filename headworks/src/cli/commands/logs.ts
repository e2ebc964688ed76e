// `headworks logs`: searches what runs have logged, and follows it while it comes.

import { type Command, Option } from "commander";
import { HeadworksError } from "../../domain/error.ts";
import { requireKnown } from "../../domain/known-name.ts";
import { PROD } from "../../domain/namespace.ts";
import { OUTCOMES, type Outcome } from "../../domain/settlement/outcome.ts";
import type { Database } from "../../store/database.ts";
import { followLogs } from "../../store/history/log-follower.ts";
import {
  type FoundLine,
  type LogFilter,
  SEVERITIES,
  type Severity,
  searchLogs,
} from "../../store/history/logs.ts";
import { listProcessorNames } from "../../store/history/overview.ts";
import { findRuns } from "../../store/history/runs.ts";
import { formatPretty } from "../../telemetry/format-pretty.ts";
import type { GlobalOptions } from "../globals.ts";
import { wholeOption } from "../options/arguments.ts";
import { parseSince } from "../render/instants.ts";
import { writeData, writeJsonLine, writeMessage } from "../render/output.ts";
import { withStore } from "../session.ts";

interface LogsOptions extends GlobalOptions {
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
  command
    .option("--run <id>", "of this run (or the beginning of its id)")
    .option("--processor <name>", "of this processor")
    .option("--partition <key>", "of this partition")
    .addOption(new Option("--outcome <outcome>", `of runs that ended so: ${OUTCOMES.join(", ")}`))
    .addOption(new Option("--severity <severity>", `this or worse: ${SEVERITIES.join(", ")}`))
    .option("--field <name=value>", "with this field, or one within another (error.code=…)")
    .option("--grep <text>", "with this text in the message or the fields, in any case")
    .option("--since <when>", "90m, 6h, 2d ago, or an instant")
    .option("--limit <n>", "how many, the newest", wholeOption(1, 100_000), 100)
    .option("--cursor <cursor>", "the lines before those of an earlier page")
    .option("--follow", "go on as lines come, until Ctrl-C")
    .addHelpText(
      "after",
      "\nWith --json each line is an object of its own.\n\nExample:\n  $ headworks logs --processor box_scores_raw --severity ERROR --since 6h",
    )
    .action(async (_options, self: Command) => logs(self.optsWithGlobals<LogsOptions>()));
}

async function logs(options: LogsOptions): Promise<void> {
  await withStore(options, async (database) => {
    const filter = await filterOf(database, options);
    const write = options.json ? writeJsonLine : (line: FoundLine) => writeData(pretty(line));
    const { lines, cursor } = await searchLogs(database, {
      ...filter,
      limit: options.limit,
      cursor: options.cursor,
    });
    for (const line of lines) write(line);
    if (options.follow) return follow(database, filter, lines, write);
    if (lines.length === 0) writeMessage("no line fits");
    if (cursor !== null) writeMessage(`there are older ones: --cursor '${cursor}'`);
  });
}

async function filterOf(database: Database, options: LogsOptions): Promise<LogFilter> {
  const { processor, partition, grep, since } = options;
  if (processor !== undefined) requireKnown("processor", processor, await listProcessorNames(database, PROD));
  const severity = options.severity?.toUpperCase();
  if (options.outcome !== undefined) requireKnown("outcome", options.outcome, OUTCOMES);
  if (severity !== undefined) requireKnown("severity", severity, SEVERITIES);
  return {
    processor,
    partition,
    text: grep,
    outcome: options.outcome as Outcome | undefined,
    severity: severity as Severity | undefined,
    field: options.field === undefined ? undefined : parseField(options.field),
    since: since === undefined ? undefined : parseSince(since, Date.now()),
    run: options.run === undefined ? undefined : await runIdOf(database, options.run),
  };
}

/** Never ends by itself. A run that is followed has no outcome yet, so that can't be asked for. */
async function follow(
  database: Database,
  { since: _since, until: _until, outcome, ...filter }: LogFilter,
  shown: readonly FoundLine[],
  write: (line: FoundLine) => void,
): Promise<void> {
  if (outcome !== undefined) {
    throw new HeadworksError({
      code: "USAGE",
      message: "--follow and --outcome can't be used together",
      hint: "leave one of them out: a run that still logs has no outcome",
    });
  }
  const [first, ...others] = shown;
  const start =
    first === undefined ? { since: new Date().toISOString() } : { shown: [first, ...others] as const };
  const follower = followLogs(database, filter, start);
  for (;;) {
    for (const line of await follower.next()) write(line);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
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

async function runIdOf(database: Database, named: string): Promise<string> {
  const [run, another] = await findRuns(database, named, 2);
  if (run !== undefined && another === undefined) return run.id;
  throw new HeadworksError({
    code: run === undefined ? "RUN_UNKNOWN" : "RUN_AMBIGUOUS",
    message: run === undefined ? `there is no run ${named}` : `several runs begin with ${named}`,
    hint: "`headworks runs list` shows their ids; the first 18 characters are enough",
  });
}
