// The face of the package: what a user's configuration imports.

export type {
  DatasetReader,
  ExpectContext,
  Filter,
  RequestOptions,
  RunContext,
  RunLog,
  SourceClient,
  SourceResponse,
} from "./define/context.ts";
export { type Dataset, dataset, type RowInput, type RowOf } from "./define/dataset.ts";
export { anyOf, every, need, optional, preceding, trailing } from "./define/needs.ts";
export { daily, dynamic, hourly, type KeyOf, monthly, single, weekly } from "./define/partition-sets.ts";
export { type Pipeline, pipeline } from "./define/pipeline.ts";
export { type Processor, processor } from "./define/processor.ts";
export { type Queue, queue } from "./define/queue.ts";
export { dependencyMissing, noData, type RunResult } from "./define/results.ts";
export { type Retention, retain } from "./define/retention.ts";
export { type Schedule, schedule } from "./define/schedule.ts";
export { basic, bearer, headerKey, type Secret, type Source, secret, source } from "./define/source.ts";
export { without } from "./define/without.ts";
export type { Mapping } from "./domain/calendar/mapping.ts";
export type { Criticality } from "./domain/criticality.ts";
export type { Duration } from "./domain/duration.ts";
export { HeadworksError } from "./domain/error.ts";
export type { RecordRange } from "./domain/settlement/expectation.ts";
export type { Outcome, Reason } from "./domain/settlement/outcome.ts";
