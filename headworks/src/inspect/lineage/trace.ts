// The question what a row came from: finds the row that a person means, and traces it.

import type * as contract from "../../contract/lineage.ts";
import type { Lineage } from "../../contract/lineage.ts";
import type { InputOf } from "../../contract/operation.ts";
import { HeadworksError } from "../../domain/error.ts";
import { requireKnown } from "../../domain/known-name.ts";
import type { Executor } from "../../store/database.ts";
import type { AppliedDataset } from "../../store/history/lineage.queries.ts";
import { findOriginRow, listAppliedDatasets } from "../../store/history/lineage.ts";
import { traceRow } from "./lineage.ts";

/** Throws UNKNOWN_DATASET, KEY_MALFORMED, ROW_UNKNOWN. */
export async function traceLineage(
  executor: Executor,
  namespace: string,
  { dataset: name, key }: InputOf<typeof contract.traceLineage>,
): Promise<Lineage> {
  const datasets = await listAppliedDatasets(executor, namespace);
  requireKnown(
    "dataset",
    name,
    datasets.map((each) => each.name),
  );
  const dataset = datasets.find((each) => each.name === name);
  if (dataset === undefined) throw new Error(`${name} is among the datasets and can't be found`);
  const row = await findOriginRow(executor, namespace, dataset, keyOf(dataset, key));
  if (row === undefined) throw noSuchRow(dataset, key);
  return { row, steps: await traceRow(executor, namespace, dataset, row) };
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
    code: "KEY_MALFORMED",
    message: `the key of ${dataset.name} has ${dataset.key.length} values: ${dataset.key.join(", ")}`,
    hint: `give all of them: ${dataset.key.map((column) => `${column}=…`).join(" ")}`,
  });
}

function noSuchRow(dataset: AppliedDataset, given: readonly string[]): HeadworksError {
  return new HeadworksError({
    code: "ROW_UNKNOWN",
    message: `${dataset.name} has no row with the key ${given.join(", ")}`,
    hint: `its key is ${dataset.key.join(", ")}`,
  });
}
