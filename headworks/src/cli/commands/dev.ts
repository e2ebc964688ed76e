// `headworks dev`: runs the pipelines in a child process, and starts it again whenever a file beside the configuration changes.

import { type Command, Option } from "commander";
import { develop } from "../develop.ts";
import type { GlobalOptions } from "../globals.ts";
import { durationOption, wholeOption } from "../options/arguments.ts";

interface DevOptions extends GlobalOptions {
  concurrency: number;
  /** Milliseconds. */
  grace: number;
}

export function configure(command: Command): void {
  command
    .option("--concurrency <n>", "runs at once", wholeOption(1, 10_000), 10)
    .addOption(
      new Option("--grace <duration>", "how long runs may take to end before a new start")
        .argParser(durationOption)
        .default(durationOption("2s"), "2s"),
    )
    .addHelpText(
      "after",
      "\nMigrates, applies safe changes of the datasets' tables, and writes logs instead of progress.\n\nExample:\n  $ headworks dev",
    )
    .action(async (_options, self: Command) => {
      const { concurrency, grace } = self.optsWithGlobals<DevOptions>();
      await develop(self.optsWithGlobals<GlobalOptions>(), [
        ...["--concurrency", String(concurrency), "--grace", `${grace}ms`],
        ...["--apply-datasets", "--no-progress"],
      ]);
    });
}
