// Item lineage: from one row back to the rows, runs and responses that it came from, processor by processor.

import type { Executor } from "../store/database.ts";
import {
  type AppliedDataset,
  listAppliedDatasets,
  listOriginRows,
  listOutputsByName,
  listResponsesOf,
  listUpstreamOutputs,
  type OriginRow,
  type SourceResponse,
} from "../store/lineage.ts";

/** One processor on the way back. */
export interface LineageStep {
  processor: string;
  partitions: string[];
  /** The runs that last changed these partitions, or these rows. */
  runs: string[];
  rows: { dataset: string; total: number; first: OriginRow[] }[];
  /** Whether the rows could be told apart by shared columns; otherwise they are all rows of the partitions. */
  byItem: boolean;
  responses: { total: number; first: SourceResponse[] };
}

/** How many rows are followed at each step; beyond, all rows of the partitions count. */
const ROWS_FOLLOWED = 10_000;
const ROWS_SHOWN = 5;
const RESPONSES_SHOWN = 5;

interface Frontier {
  position: number;
  outputs: Map<number, string>;
  runs: Set<string>;
  known: Map<string, Set<string>>;
}

/** The steps from a row back to the sources, the nearest first. */
export async function traceRow(
  executor: Executor,
  namespace: string,
  dataset: AppliedDataset,
  row: OriginRow,
): Promise<LineageStep[]> {
  const datasets = await listAppliedDatasets(executor, namespace);
  const start = await listOutputsByName(executor, namespace, row._processor, [row._partition]);
  const outputs = start.map((output) => output.id);
  const own = { dataset: dataset.name, total: 1, first: [row] };
  const base = { processor: row._processor, partitions: [row._partition], runs: [row._run], byItem: true };
  const steps: LineageStep[] = [{ ...base, rows: [own], responses: await responsesOf(executor, [row._run]) }];

  const frontiers = new Map<string, Frontier>();
  await addUpstream(executor, frontiers, outputs, knownFrom([row], dataset));
  while (frontiers.size > 0) {
    const [processor, frontier] = furthestDown(frontiers);
    frontiers.delete(processor);
    const { step, outputs: kept, known } = await stepOf(executor, namespace, processor, frontier, datasets);
    steps.push(step);
    await addUpstream(executor, frontiers, kept, known);
  }
  return steps;
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
  processor: string,
  frontier: Frontier,
  datasets: readonly AppliedDataset[],
) {
  const rows: LineageStep["rows"] = [];
  const known = new Map(frontier.known);
  const partitions = new Set<string>();
  const runs = new Set<string>();
  let byItem = false;
  for (const dataset of datasets.filter((each) => each.owners.includes(processor))) {
    const shared = dataset.key.filter((name) => frontier.known.has(name));
    const scope = new Map<string, string[]>([
      ["_processor", [processor]],
      ["_partition", [...frontier.outputs.values()]],
      ...shared.map((name) => [name, [...(frontier.known.get(name) ?? [])]] as [string, string[]]),
    ]);
    const found = await listOriginRows(executor, namespace, dataset, scope, ROWS_FOLLOWED);
    rows.push({ dataset: dataset.name, total: found.total, first: found.rows.slice(0, ROWS_SHOWN) });
    if (shared.length === 0 || found.total > found.rows.length || found.total === 0) continue;
    byItem = true;
    for (const row of found.rows) {
      partitions.add(row._partition);
      runs.add(row._run);
    }
    for (const [name, values] of knownFrom(found.rows, dataset)) known.set(name, values);
  }
  const kept = [...frontier.outputs].filter(([, partition]) => !byItem || partitions.has(partition));
  const stepRuns = byItem ? [...runs] : [...frontier.runs];
  const step: LineageStep = {
    processor,
    partitions: kept.map(([, partition]) => partition),
    runs: stepRuns,
    rows,
    byItem,
    responses: await responsesOf(executor, stepRuns),
  };
  return { step, outputs: kept.map(([id]) => id), known };
}

async function addUpstream(
  executor: Executor,
  frontiers: Map<string, Frontier>,
  outputs: readonly number[],
  known: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<void> {
  for (const upstream of await listUpstreamOutputs(executor, outputs)) {
    const frontier = frontiers.get(upstream.processor) ?? {
      position: upstream.position,
      outputs: new Map(),
      runs: new Set(),
      known: new Map(),
    };
    frontiers.set(upstream.processor, frontier);
    frontier.outputs.set(upstream.id, upstream.partition);
    const run = upstream.changed_by ?? upstream.run_id;
    if (run !== null) frontier.runs.add(run);
    for (const [name, values] of known) {
      frontier.known.set(name, new Set([...(frontier.known.get(name) ?? []), ...values]));
    }
  }
}

async function responsesOf(executor: Executor, runs: readonly string[]): Promise<LineageStep["responses"]> {
  const { responses, total } = await listResponsesOf(executor, runs, RESPONSES_SHOWN);
  return { total, first: responses };
}

/** What the rows' keys say, column by column: the rows they came from have the same. */
function knownFrom(rows: readonly OriginRow[], dataset: AppliedDataset): Map<string, Set<string>> {
  return new Map(dataset.key.map((name) => [name, new Set(rows.map((row) => String(row[name])))]));
}
