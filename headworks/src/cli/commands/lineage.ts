// `headworks lineage`: from one row back to the rows, runs and raw responses that it came from.

import type { Command } from "commander";
import { parseInput } from "../../contract/input.ts";
import * as contract from "../../contract/lineage.ts";
import { traceLineage } from "../../inspect/lineage/trace.ts";
import { addNamespaceOption, type NamespaceOptions } from "../options/namespace.ts";
import { renderLineage } from "../render/lineage-report.ts";
import { painter, writeData, writeJson } from "../render/output.ts";
import { withNamespace } from "../session.ts";

export function configure(command: Command): void {
  addNamespaceOption(command)
    .argument("<dataset>", "the dataset that the row is in")
    .argument("<key...>", "the values of its key, in their order, or as name=value")
    .addHelpText("after", "\nExample:\n  $ headworks lineage player_game_summaries 0022500123 1629029")
    .action(async (dataset: string, key: string[], _options, self: Command) =>
      lineage(dataset, key, self.optsWithGlobals<NamespaceOptions>()),
    );
}

async function lineage(dataset: string, key: readonly string[], options: NamespaceOptions): Promise<void> {
  const input = parseInput(contract.traceLineage, { dataset, key });
  const traced = await withNamespace(options, (database, namespace) =>
    traceLineage(database, namespace, input),
  );
  if (options.json) return writeJson(traced);
  writeData(renderLineage(dataset, traced, painter(process.stdout)));
}
