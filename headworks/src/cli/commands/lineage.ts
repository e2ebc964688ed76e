// `headworks lineage`: from one row back to the rows, runs and raw responses that it came from.

import type { Command } from "commander";
import { HeadworksError } from "../../domain/error.ts";
import { requireKnown } from "../../domain/known-name.ts";
import { PROD } from "../../domain/namespace.ts";
import { traceRow } from "../../inspect/lineage/lineage.ts";
import { type AppliedDataset, findOriginRow, listAppliedDatasets } from "../../store/history/lineage.ts";
import type { GlobalOptions } from "../globals.ts";
import { renderLineage } from "../render/lineage-report.ts";
import { painter, writeData, writeJson } from "../render/output.ts";
import { withStore } from "../session.ts";

export function configure(command: Command): void {
  command
    .argument("<dataset>", "the dataset that the row is in")
    .argument("<key...>", "the values of its key, in their order, or as name=value")
    .addHelpText("after", "\nExample:\n  $ headworks lineage player_game_summaries 0022500123 1629029")
    .action(async (dataset: string, key: string[], _options, self: Command) =>
      lineage(dataset, key, self.optsWithGlobals<GlobalOptions>()),
    );
}

async function lineage(name: string, given: readonly string[], options: GlobalOptions): Promise<void> {
  const { row, steps } = await withStore(options, async (database) => {
    const datasets = await listAppliedDatasets(database, PROD);
    requireKnown(
      "dataset",
      name,
      datasets.map((each) => each.name),
    );
    const dataset = datasets.find((each) => each.name === name);
    if (dataset === undefined) throw new Error(`${name} is among the datasets and can't be found`);
    const row = await findOriginRow(database, PROD, dataset, keyOf(dataset, given));
    if (row === undefined) throw noSuchRow(dataset, given);
    return { row, steps: await traceRow(database, PROD, dataset, row) };
  });
  if (options.json) {
    return writeJson({ row, steps: steps.map(({ byItem, ...step }) => ({ ...step, by_item: byItem })) });
  }
  writeData(renderLineage(name, row, steps, painter(process.stdout)));
}

/** The key's values in their order, whether given so or by name. */
function keyOf(dataset: AppliedDataset, given: readonly string[]): string[] {
  const named = new Map(
    given.flatMap((part) => {
      const [name = "", ...value] = part.split("=");
      return dataset.key.includes(name) && value.length > 0 ? [[name, value.join("=")] as const] : [];
    }),
  );
  const values = named.size > 0 ? dataset.key.map((name) => named.get(name)) : [...given];
  const complete = values.filter((value) => value !== undefined);
  if (complete.length === dataset.key.length) return complete;
  throw new HeadworksError({
    code: "USAGE",
    message: `the key of ${dataset.name} has ${dataset.key.length} values: ${dataset.key.join(", ")}`,
    hint: `headworks lineage ${dataset.name} ${dataset.key.map((column) => `${column}=…`).join(" ")}`,
  });
}

function noSuchRow(dataset: AppliedDataset, given: readonly string[]): HeadworksError {
  return new HeadworksError({
    code: "ROW_UNKNOWN",
    message: `${dataset.name} has no row with the key ${given.join(", ")}`,
    hint: `its key is ${dataset.key.join(", ")}`,
  });
}
