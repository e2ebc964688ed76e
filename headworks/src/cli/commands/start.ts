// `headworks start`: prepares the database, registers and plans, and runs the pipelines until told to stop.

import { join } from "node:path";
import { type Command, Option } from "commander";
import type { Settled } from "../../contract/printed.ts";
import { HeadworksError } from "../../domain/error.ts";
import { EXIT } from "../errors.ts";
import type { FleetOutcome } from "../fleet-view.ts";
import { type GlobalOptions, readConfiguration } from "../globals.ts";
import { durationOption, wholeOption } from "../options/arguments.ts";
import { renderHealth } from "../render/health-report.ts";
import { painter, widthOf, writeData, writeJson } from "../render/output.ts";

interface StartOptions extends GlobalOptions {
  runners: number;
  concurrency: number;
  /** Milliseconds. */
  grace: number;
  /** Milliseconds. */
  wait: number;
  untilSettled?: boolean;
  applyDatasets?: boolean;
  /** Milliseconds. */
  backupEvery?: number;
  backupKeep: number;
  backupDir?: string;
  /** Only `--no-progress` sets it. */
  progress?: false;
}

const EXAMPLES = `
Ctrl-C drains: what runs may end within the grace, the rest is abandoned and uses no attempt.
With --until-settled it ends when nothing is left to run, prints the health report, and exits 0 only if all that is
expected is there.

Examples:
  $ headworks start --runners 2 --backup-every 24h --backup-dir /mnt/backups
  $ headworks start --until-settled --apply-datasets`;

export function configure(command: Command): void {
  command
    .option("--runners <n>", "runner processes", wholeOption(1, 256), 1)
    .option("--concurrency <n>", "runs at once in each", wholeOption(1, 10_000), 50)
    .option("--until-settled", "end when nothing is left to run")
    .addOption(duration("--grace <duration>", "how long runs may take to end when stopped", "10s"))
    .addOption(duration("--wait <duration>", "how long to wait for a database that is down", "60s"))
    .option("--apply-datasets", "apply safe changes of the datasets' tables")
    .option("--backup-every <duration>", "take a backup in each slot of this length, such as 24h", slotOption)
    .option("--backup-keep <n>", "how many of these backups stay", wholeOption(1, 10_000), 7)
    .option("--backup-dir <dir>", "their folder (default: backups, in the data directory)")
    .option("--no-progress", "write logs instead of progress")
    .addHelpText("after", EXAMPLES)
    .action(async (_options, self: Command) => start(self.optsWithGlobals<StartOptions>()));
}

function duration(flags: string, description: string, initial: string): Option {
  return new Option(flags, description).argParser(durationOption).default(durationOption(initial), initial);
}

const SHORTEST_SLOT_MS = 60_000;

function slotOption(text: string): number {
  const ms = durationOption(text);
  if (ms >= SHORTEST_SLOT_MS) return ms;
  throw new HeadworksError({
    code: "OPTION_INVALID",
    message: `--backup-every ${text} is too short`,
    hint: "give it at least 1m; a day is 24h",
  });
}

async function start(options: StartOptions): Promise<void> {
  const configuration = await readConfiguration(options);
  const { runFleet } = await import("../fleet-view.ts");
  const outcome = await runFleet(options, configuration, {
    runners: options.runners,
    concurrency: options.concurrency,
    graceMs: options.grace,
    waitMs: options.wait,
    untilSettled: options.untilSettled === true,
    applyDatasets: options.applyDatasets === true,
    progress: options.progress !== false,
    ...(options.backupEvery !== undefined && {
      backups: {
        everyMs: options.backupEvery,
        keep: options.backupKeep,
        folder: options.backupDir ?? join(options.dataDir, "backups"),
      },
    }),
  });
  if (outcome.kind === "stopped") {
    if (options.untilSettled)
      process.exitCode = outcome.signal === "SIGTERM" ? EXIT.terminated : EXIT.interrupted;
    return;
  }
  report(outcome, options);
}

function report(
  { runs, elapsedMs, health }: Extract<FleetOutcome, { kind: "settled" }>,
  options: StartOptions,
): void {
  if (options.json) {
    const settled: Settled = { runs, elapsed_ms: elapsedMs, runs_per_second: rate(runs, elapsedMs), health };
    writeJson(settled);
  } else {
    const { stdout } = process;
    writeData(renderHealth(health, { paint: painter(stdout), width: widthOf(stdout), now: Date.now() }));
  }
  if (health.verdict === "bad" || !health.complete) process.exitCode = EXIT.wrong;
}

function rate(runs: number, elapsedMs: number): number {
  return Number((runs / Math.max(0.001, elapsedMs / 1_000)).toFixed(1));
}
