// `headworks run <processor>`: runs one output now, here or by the fleet, and shows its details.

import type { Command } from "commander";
import { parseInput } from "../../contract/input.ts";
import { runOutput } from "../../contract/outputs.ts";
import type { RunDetails } from "../../contract/runs.ts";
import { EXIT } from "../errors.ts";
import { type GlobalOptions, readConfiguration } from "../globals.ts";
import { painter, widthOf, writeData, writeJson, writeMessage } from "../render/output.ts";
import { renderRunDetails } from "../render/run-details-report.ts";

interface RunOptions extends GlobalOptions {
  partition?: string;
  fromArchive?: boolean;
  force?: boolean;
}

const FINE = new Set(["success", "no_data_available"]);

export function configure(command: Command): void {
  command
    .argument("<processor>")
    .option("--partition <key>", "which partition (not needed where there is one only)")
    .option("--from-archive", "read what the sources answered last, without the network")
    .option("--force", "run although nothing that it reads has changed")
    .addHelpText(
      "after",
      "\nExits 0 when it succeeded or there was nothing to fetch, 1 otherwise.\n\nExample:\n  $ headworks run box_scores_raw --partition 2026-01-14",
    )
    .action(async (processor: string, _options, self: Command) =>
      run(processor, self.optsWithGlobals<RunOptions>()),
    );
}

async function run(processor: string, options: RunOptions): Promise<void> {
  const input = parseInput(runOutput, {
    processor,
    partition: options.partition,
    from_archive: options.fromArchive,
    forced: options.force,
  });
  const configuration = await readConfiguration(options);
  const { runOne } = await import("../run-one.ts");
  const result = await runOne(options, configuration, input);
  if (result.kind === "interrupted") {
    process.exitCode = result.signal === "SIGTERM" ? EXIT.terminated : EXIT.interrupted;
    return;
  }
  const { details, byFleet } = result;
  if (options.json) writeJson(details);
  else {
    const { stdout } = process;
    writeData(renderRunDetails(details, { paint: painter(stdout), width: widthOf(stdout), now: Date.now() }));
    sayWhatIsReady(details, byFleet);
  }
  if (!FINE.has(details.run?.outcome ?? "")) process.exitCode = EXIT.wrong;
}

function sayWhatIsReady({ needed_by }: RunDetails, byFleet: boolean): void {
  const ready = needed_by.filter((each) => each.same_trace && each.task_state === "ready");
  if (ready.length === 0) return;
  const names = ready.slice(0, 3).map((each) => `${each.processor}[${each.partition}]`);
  const more =
    ready.length > names.length
      ? ` and ${ready.length - names.length} more (\`headworks tasks list --state ready\`)`
      : "";
  const runner = byFleet ? "the workers take it from here" : "`headworks start` runs what is ready";
  writeMessage(`now ready: ${names.join(", ")}${more}; ${runner}`);
}
