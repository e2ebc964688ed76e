// Item lineage: from one row back to the rows, runs and responses that it came from, processor by processor.

import type { LineageStep } from "../../contract/lineage.ts";
import type { Executor } from "../../store/database.ts";
import type { AppliedDataset } from "../../store/history/lineage.queries.ts";
import {
  listAppliedDatasets,
  listOutputsByName,
  listResponsesOf,
  listUpstreamOutputs,
  type OriginRow,
} from "../../store/history/lineage.ts";
import { eitherOf, type Item, itemOf } from "./item.ts";
import { findRows } from "./rows.ts";

const RESPONSES_SHOWN = 5;

/** Outputs of one processor that are yet to be looked at: for rows of the item, or, where it was lost, for all. */
interface Frontier {
  processor: string;
  position: number;
  outputs: Map<number, string>;
  runs: Set<string>;
  item: Item | undefined;
  through: Set<string>;
}

/** What a step leads on to. */
interface Trail {
  outputs: number[];
  item: Item | undefined;
  through: ReadonlySet<string>;
}

/** The steps from a row back to the sources, the nearest first; those of whole partitions apart, at their end. */
export async function traceRow(
  executor: Executor,
  namespace: string,
  dataset: AppliedDataset,
  row: OriginRow,
): Promise<LineageStep[]> {
  const datasets = await listAppliedDatasets(executor, namespace);
  const start = await listOutputsByName(executor, namespace, row._processor, [row._partition]);
  const own = { dataset: dataset.name, key: dataset.key, total: 1, first: [row] };
  const base = { processor: row._processor, partitions: [row._partition], runs: [row._run] };
  const responses = await responsesOf(executor, [row._run]);
  const steps: LineageStep[] = [{ ...base, rows: [own], by_item: true, through: [], responses }];

  const frontiers = new Map<string, Frontier>();
  const outputs = start.map((output) => output.id);
  await addUpstream(executor, frontiers, { outputs, item: itemOf(dataset, [row]), through: new Set() });
  while (frontiers.size > 0) {
    const [name, frontier] = furthestDown(frontiers);
    frontiers.delete(name);
    const owned = datasets.filter((each) => each.owners.includes(frontier.processor));
    const { step, trail } = await stepOf(executor, namespace, frontier, owned);
    steps.push(step);
    await addUpstream(executor, frontiers, trail);
  }
  return steps.sort((a, b) => Number(a.through.length > 0) - Number(b.through.length > 0));
}

/** Processors are taken in reverse order of dependency, so that each is met after all that came from it. */
function furthestDown(frontiers: ReadonlyMap<string, Frontier>): [string, Frontier] {
  const [furthest] = [...frontiers].sort(([, a], [, b]) => b.position - a.position);
  if (furthest === undefined) throw new Error("there is no frontier to follow");
  return furthest;
}

async function stepOf(
  executor: Executor,
  namespace: string,
  frontier: Frontier,
  datasets: readonly AppliedDataset[],
): Promise<{ step: LineageStep; trail: Trail }> {
  const { processor, outputs } = frontier;
  const partitions = [...outputs.values()];
  const found = await findRows({ executor, namespace, processor, partitions, datasets, item: frontier.item });
  const kept = [...outputs].filter(([, partition]) => !found.byItem || found.partitions.has(partition));
  const runs = [...(found.byItem ? found.runs : frontier.runs)];
  const through = [...frontier.through];
  const { rows, byItem } = found;
  const responses = await responsesOf(executor, runs);
  const trail = {
    outputs: kept.map(([id]) => id),
    item: found.item,
    through: found.item === undefined && through.length === 0 ? new Set([processor]) : frontier.through,
  };
  const place = { processor, partitions: kept.map(([, partition]) => partition).sort() };
  return { step: { ...place, runs, rows, by_item: byItem, through, responses }, trail };
}

/** Outputs of the same processor wait together, whatever they were reached from; those of whole partitions apart. */
async function addUpstream(
  executor: Executor,
  frontiers: Map<string, Frontier>,
  { outputs, item, through }: Trail,
): Promise<void> {
  const upstream = await listUpstreamOutputs(executor, outputs);
  for (const [processor, found] of Map.groupBy(upstream, (output) => output.processor)) {
    const name = item === undefined ? `${processor}, whole` : processor;
    const known = frontiers.get(name);
    const runs = found.flatMap(({ changed_by, run_id }) => changed_by ?? run_id ?? []);
    frontiers.set(name, {
      processor,
      position: found[0]?.position ?? 0,
      outputs: new Map([
        ...(known?.outputs ?? []),
        ...found.map((each) => [each.id, each.partition] as const),
      ]),
      runs: new Set([...(known?.runs ?? []), ...runs]),
      item: item && eitherOf(known?.item, item),
      through: new Set([...(known?.through ?? []), ...through]),
    });
  }
}

async function responsesOf(executor: Executor, runs: readonly string[]): Promise<LineageStep["responses"]> {
  const { responses, total } = await listResponsesOf(executor, runs, RESPONSES_SHOWN);
  return { total, first: responses };
}
