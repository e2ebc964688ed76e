// Evaluates `expect` for a run that has returned. It reads only outputs that are settled and not degraded.

import type { DatasetReader, ExpectContext } from "../../define/context.ts";
import type { Dataset, RowOf } from "../../define/dataset.ts";
import type { CompiledProcessor } from "../../define/registry.ts";
import { windowOf } from "../../domain/calendar/partitions.ts";
import { HeadworksError } from "../../domain/error.ts";
import type { Expectation, OutputName, RecordRange } from "../../domain/settlement/expectation.ts";
import { createReader } from "../../store/dataset/read.ts";
import { listUpstream } from "../../store/ledger/planning.ts";
import type { ClaimedTask } from "../../store/queue/tasks.queries.ts";
import type { RunLimits } from "./limits.ts";
import type { RunServices } from "./services.ts";
import { findUnreliable, isReliable, neededOwners, unneededDataset } from "./upstream.ts";

/** What identifies the slice that a run covers, as its contexts show it. */
export interface SliceContext {
  partition: string;
  parent: string | undefined;
  /** Worked out when it is first asked for: calendars are slow, and many runs never ask. */
  readonly window: { start: string; end: string } | undefined;
}

/** The run that is asked about, and its limits. */
interface Asking {
  services: RunServices;
  processor: CompiledProcessor;
  task: ClaimedTask;
  slice: SliceContext;
  limits: RunLimits;
}

/** Interrupts `expect` when it asks for something that can't be relied on yet. */
class Unanswerable extends Error {
  readonly waitsFor: OutputName;
  constructor(waitsFor: OutputName) {
    super("expect can't be answered yet");
    this.waitsFor = waitsFor;
  }
}

/** What `expect` says. Errors that it throws are the caller's: they end the run. */
export async function evaluateExpectation(asking: Asking): Promise<Expectation> {
  const { expect } = asking.processor;
  if (expect === undefined) return { kind: "unknown" };
  if (typeof expect !== "function") return { kind: "known", range: expect };
  try {
    const said = await expect(expectContext(asking));
    return said === undefined ? { kind: "unknown" } : { kind: "known", range: asRange(said) };
  } catch (error) {
    if (error instanceof Unanswerable) return { kind: "unanswered", waitsFor: error.waitsFor };
    throw error;
  }
}

/** The time that a slice covers: that of its calendar partition, or of the one that it lies in. */
export function sliceContext(
  processor: CompiledProcessor,
  partition: string,
  parent: string | undefined,
): SliceContext {
  const set = processor.partitions;
  const calendar = set.kind === "dynamic" ? set.within : set;
  const key = set.kind === "dynamic" ? parent : partition;
  if (calendar.kind !== "calendar" || key === undefined) return { partition, parent, window: undefined };
  let window: SliceContext["window"];
  return {
    partition,
    parent,
    get window() {
      window ??= texts(windowOf(calendar, key));
      return window;
    },
  };
}

function texts({ start, end }: ReturnType<typeof windowOf>) {
  return { start: start.toString(), end: end.toString() };
}

function expectContext({ services, processor, task, slice, limits }: Asking): ExpectContext {
  const { database, reads, registry } = services;
  const askUpstream = () => limits.outlast(() => listUpstream(database, task.output_id));
  let upstream: ReturnType<typeof listUpstream> | undefined;

  async function assertReliable(dataset: Dataset): Promise<void> {
    const owners = neededOwners(registry, processor, dataset);
    if (owners.length === 0) throw unneededDataset(processor, dataset);
    upstream ??= askUpstream();
    const unreliable = findUnreliable(await upstream, owners);
    if (unreliable !== undefined) throw new Unanswerable(unreliable);
  }

  return {
    partition: slice.partition as ExpectContext["partition"],
    parent: slice.parent,
    get window() {
      return slice.window;
    },
    has: (dataset) => registry.owners.has(dataset.name),
    async isSettled(dataset) {
      upstream ??= askUpstream();
      return isReliable(await upstream, neededOwners(registry, processor, dataset));
    },
    read<D extends Dataset>(dataset: D): DatasetReader<RowOf<D>> {
      const reader = createReader<RowOf<D>>(reads, task.namespace, dataset, (ask) => limits.outlast(ask));
      return {
        async rows(filter, options) {
          await assertReliable(dataset);
          return reader.rows(filter, options);
        },
        async count(filter) {
          await assertReliable(dataset);
          return reader.count(filter);
        },
        async *batches(filter, size) {
          await assertReliable(dataset);
          yield* reader.batches(filter, size);
        },
      };
    },
  };
}

function asRange(said: number | RecordRange): RecordRange {
  const range = typeof said === "number" ? { min: said } : said;
  const { min, max = Number.MAX_SAFE_INTEGER } = range ?? {};
  if (Number.isFinite(min) && Number.isFinite(max) && min >= 0 && min <= max) {
    return { min: Math.ceil(min), ...(range.max !== undefined && { max: Math.floor(range.max) }) };
  }
  throw new HeadworksError({
    code: "EXPECT_INVALID",
    message: `expect gave ${JSON.stringify(said, (_key, value) => (typeof value === "number" ? String(value) : value))}`,
    hint: "give a number of records, 0 or more, or { min, max }",
  });
}
