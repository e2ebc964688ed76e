// The context that a processor's run() is called with. Once the run has ended, its methods refuse.

import type { DatasetReader, RunContext, RunLog, SourceClient } from "../../define/context.ts";
import type { Dataset, RowInput, RowOf } from "../../define/dataset.ts";
import type { CompiledProcessor } from "../../define/registry.ts";
import type { Secret, Source } from "../../define/source.ts";
import { HeadworksError } from "../../domain/error.ts";
import { parseExactly } from "../../domain/exact-json.ts";
import { createReader } from "../../store/dataset/read.ts";
import { validateRows } from "../../store/dataset/rows.ts";
import { listUpstream } from "../../store/ledger/planning.ts";
import { findPayload } from "../../store/queue/payloads.ts";
import type { ClaimedTask } from "../../store/queue/tasks.queries.ts";
import { storableText } from "../../telemetry/storable.ts";
import { admitArtifact } from "./admit-artifact.ts";
import type { SliceContext } from "./expectation.ts";
import type { Measurement } from "./finished-run.ts";
import type { RunJournal } from "./journal.ts";
import type { RunLimits } from "./limits.ts";
import { namedPartitions } from "./named-partitions.ts";
import type { RunRecord } from "./record.ts";
import type { RunServices } from "./services.ts";
import { awaitable, awaitableMethods } from "./stray-errors.ts";
import { isReliable, neededOwners, readSetOf } from "./upstream.ts";

export interface RunParts {
  services: RunServices;
  task: ClaimedTask;
  processor: CompiledProcessor;
  slice: SliceContext;
  traceparent: string;
  record: RunRecord;
  journal: () => RunJournal;
  limits: RunLimits;
}

/** Makes the context of one run. */
export function createRunContext(parts: RunParts): RunContext {
  return new Context(parts);
}

class Context implements RunContext {
  readonly #parts: RunParts;
  #payload: Promise<unknown> | undefined;
  #client: ((source: Source) => SourceClient) | undefined;

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  get partition() {
    return this.#parts.slice.partition as RunContext["partition"];
  }
  get parent() {
    return this.#parts.slice.parent;
  }
  get window() {
    return this.#parts.slice.window;
  }
  get processor() {
    return this.#parts.processor.name;
  }
  get namespace() {
    return this.#parts.task.namespace;
  }
  get run() {
    return this.#parts.task.run_id;
  }
  get attempt() {
    return this.#parts.task.attempt;
  }
  get signal() {
    return this.#parts.limits.signal;
  }
  get log(): RunLog {
    return this.#parts.journal().log;
  }

  read<D extends Dataset>(dataset: D): DatasetReader<RowOf<D>> {
    const parts = this.#live();
    const { services, task, limits } = parts;
    const reader = createReader<RowOf<D>>(services.reads, task.namespace, dataset, (ask) =>
      limits.outlast(ask),
    );
    return {
      rows: (filter, options) => awaitable(noteRead(parts, dataset).then(() => reader.rows(filter, options))),
      count: (filter) => awaitable(noteRead(parts, dataset).then(() => reader.count(filter))),
      async *batches(filter, size) {
        await noteRead(parts, dataset);
        for await (const batch of reader.batches(filter, size)) {
          parts.limits.alive();
          yield batch;
        }
      },
    };
  }

  payload(): Promise<unknown> {
    const { services, task, record, limits } = this.#live();
    record.readBeyondNeeds = true;
    this.#payload ??= limits
      .outlast(() => findPayload(services.database, task.output_id))
      .then((text): unknown => text && parseExactly(text).value);
    return awaitable(this.#payload);
  }

  has(dataset: Dataset): boolean {
    return this.#live().services.registry.owners.has(dataset.name);
  }

  async isSettled(dataset: Dataset): Promise<boolean> {
    const parts = this.#live();
    const { services, processor, task, limits } = parts;
    const owners = neededOwners(services.registry, processor, dataset);
    if (owners.length === 0) return false;
    await noteRead(parts, dataset);
    return isReliable(await limits.outlast(() => listUpstream(services.database, task.output_id)), owners);
  }

  async write<D extends Dataset>(dataset: D, rows: Iterable<RowInput<D>>) {
    const { processor, record, limits, journal } = this.#live();
    if (!processor.outputs.includes(dataset)) throw notAnOutput(processor, dataset);
    limits.alive();
    const told = { written: 0, rejected: 0 };
    let repeated: { rows: number; first?: string | undefined } = { rows: 0 };
    for (const batch of validateRows(dataset, rows)) {
      const again = await record.within(record.addRows(dataset, batch));
      repeated = { rows: repeated.rows + again.length, first: repeated.first ?? again[0] };
      told.written += batch.accepted.length;
      told.rejected += batch.rejected.length;
    }
    if (repeated.rows > 0)
      journal().log.warn(`rows of ${dataset.name} repeat a key of this run: the last one of a key counts`, {
        rows: repeated.rows,
        first_key: repeated.first?.replaceAll("\0", ", ") ?? "",
      });
    return told;
  }

  discover(set: string, keys: Iterable<string | { key: string; within: string }>): void {
    const { processor, record, slice } = this.#live();
    record.addDiscovered(set, namedPartitions(processor, slice.partition, set, keys));
  }

  async artifact(path: string, content: string | Uint8Array): Promise<void> {
    const { services, record, limits, task } = this.#live();
    limits.alive();
    const write = async () => {
      await admitArtifact(services, task.namespace, path, record.artifactNames);
      return services.artifacts.write(path, content);
    };
    record.artifacts.push(await record.within(write()));
  }

  http(source: Source): SourceClient {
    const { services, task, traceparent, record, journal, limits } = this.#live();
    this.#client ??= services.sources.forRun({
      run: task.run_id,
      signal: limits.signal,
      traceparent,
      fromArchive: task.from_archive,
      onRequest() {
        record.requests += 1;
        limits.alive();
      },
      keepDocument: (document) => journal().keepDocument(document),
    });
    record.readBeyondNeeds = true;
    return awaitableMethods(this.#client(source));
  }

  metric(name: string, value: number, labels: Record<string, string> = {}): void {
    const { record, journal } = this.#live();
    if (Number.isFinite(value)) record.metrics.push(storableMeasurement(name, value, labels));
    else journal().log.warn(`the metric ${name} is left out: ${value} is no number that can be kept`);
  }

  progress(done: number, total?: number): void {
    const { record, limits } = this.#live();
    record.progress = { done, total: total ?? null };
    limits.alive();
  }

  secret(secret: Secret): string {
    const value = this.#live().services.environment[secret.name];
    this.#parts.record.readBeyondNeeds = true;
    if (value) return value;
    throw new HeadworksError({
      code: "SECRET_UNSET",
      message: `the secret ${secret.name} is not set`,
      hint: `set the environment variable ${secret.name}`,
    });
  }

  #live(): RunParts {
    if (!this.#parts.limits.isOver) return this.#parts;
    throw new HeadworksError({
      code: "RUN_ENDED",
      message: `the run ${this.#parts.task.run_id} has ended; what its handler still does counts for nothing`,
      hint: "pass ctx.signal on to what the handler awaits, so that it stops with the run",
    });
  }
}

/** Remembers the state of everything upstream at the first read, and whether a read goes beyond it. */
async function noteRead(parts: RunParts, dataset: Dataset): Promise<void> {
  const { services, processor, record, task, limits } = parts;
  limits.alive();
  if (neededOwners(services.registry, processor, dataset).length === 0) record.readBeyondNeeds = true;
  if (record.readBeyondNeeds || record.readSet !== null) return;
  const upstream = await limits.outlast(() => listUpstream(services.database, task.output_id));
  record.readSet = readSetOf(services.codeVersion, upstream);
}

function storableMeasurement(name: string, value: number, labels: Record<string, string>): Measurement {
  const kept = Object.entries(labels).map(([label, text]) => [
    storableText(label),
    storableText(String(text)),
  ]);
  return { name: storableText(name), value, labels: Object.fromEntries(kept) };
}

function notAnOutput(processor: CompiledProcessor, dataset: Dataset): HeadworksError {
  return new HeadworksError({
    code: "NOT_ITS_OUTPUT",
    message: `${processor.name} doesn't own the dataset ${dataset.name}`,
    hint: "name the dataset in the processor's `output`",
  });
}
