// What a run can do: the context that a processor's run() and expect() are called with.

import type { z } from "zod";
import type { PartitionSet } from "../domain/calendar/partitions.ts";
import type { Dataset, RowInput, RowOf } from "./dataset.ts";
import type { KeyOf } from "./partition-sets.ts";
import type { Secret, Source } from "./source.ts";

/** Equality, one of several, or a range (any of its bounds), column by column; all must hold. */
export type Filter<Row> = {
  [K in keyof Row]?: Row[K] | readonly Row[K][] | { gt?: Row[K]; gte?: Row[K]; lt?: Row[K]; lte?: Row[K] };
};

export interface ReadOptions<Row> {
  /** Columns to sort by, each ascending unless `desc`. */
  orderBy?: readonly ((keyof Row & string) | { column: keyof Row & string; direction: "asc" | "desc" })[];
  limit?: number;
}

/** Reads a dataset as of now, in the run's namespace. */
export interface DatasetReader<Row> {
  rows(filter?: Filter<Row>, options?: ReadOptions<Row>): Promise<Row[]>;
  count(filter?: Filter<Row>): Promise<number>;
  /** All rows in arrays of at most `size` (default 1,000), with bounded memory. */
  batches(filter?: Filter<Row>, size?: number): AsyncIterable<Row[]>;
}

export interface RequestOptions {
  method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  /** Tries a failed request again although its method isn't idempotent. */
  retryUnsafe?: boolean;
}

export interface SourceResponse {
  status: number;
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
  /** SHA-256 of the body in hex: its name in the archive. */
  hash: string;
}

/** A client of one source: rate-limited, retried, archived. Statuses of 400 and above throw `SOURCE_STATUS`. */
export interface SourceClient {
  /** The body as JSON, checked against a schema; a body that doesn't fit ends the run as `validation_failed / thrown`. */
  json<T>(path: string, schema: z.ZodType<T>, options?: RequestOptions): Promise<T>;
  /** The same, but undefined where the source answers 404 or 410. */
  findJson<T>(path: string, schema: z.ZodType<T>, options?: RequestOptions): Promise<T | undefined>;
  text(path: string, options?: RequestOptions): Promise<string>;
  request(path: string, options?: RequestOptions): Promise<SourceResponse>;
}

export type LogFields = Record<string, unknown>;

/** Structured lines, kept with the run and written to stderr. Secrets are redacted. */
export interface RunLog {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** What `expect` may use: it reads only outputs that are settled and not degraded. */
export interface ExpectContext<S extends PartitionSet = PartitionSet> {
  readonly partition: KeyOf<S>;
  /** The time the partition covers, `[start, end)` in ISO 8601; undefined where it has none. */
  readonly window: { start: string; end: string } | undefined;
  /** The partition that a discovered one lies in, such as a game's day. */
  readonly parent: string | undefined;
  read<D extends Dataset>(dataset: D): DatasetReader<RowOf<D>>;
  /** Whether a processor of this configuration owns the dataset; false where `without()` has left it out. */
  has(dataset: Dataset): boolean;
  /**
   * Whether all that this output needs of the dataset is settled, and neither degraded nor failed: which alternative of an
   * `anyOf` can be read. False for a dataset that none of its needs writes.
   */
  isSettled(dataset: Dataset): Promise<boolean>;
}

/** What `run` may use. */
export interface RunContext<
  S extends PartitionSet = PartitionSet,
  O extends Dataset = Dataset,
  N extends string = string,
> extends ExpectContext<S> {
  readonly processor: string;
  readonly namespace: string;
  readonly run: string;
  readonly attempt: number;
  /** Aborted when the run must end: hard timeout, stall, shutdown. */
  readonly signal: AbortSignal;
  readonly log: RunLog;
  /**
   * What was handed over for this output with `headworks tasks add --payload`, or for a retry: a JSON value, read once;
   * undefined when nothing was. It is for you to check.
   */
  payload(): Promise<unknown>;
  /** Adds rows to this partition of a dataset that the processor owns. Invalid rows are kept apart, with the reason. */
  write<D extends O>(dataset: D, rows: Iterable<RowInput<D>>): Promise<{ written: number; rejected: number }>;
  /** Names the partitions that exist within this one; the complete list, as one or several calls. */
  discover(set: N, keys: Iterable<string | { key: string; within: string }>): void;
  /** A file, published when the run settles. The path is relative, with `/`. */
  artifact(path: string, content: string | Uint8Array): Promise<void>;
  http(source: Source): SourceClient;
  metric(name: string, value: number, labels?: Record<string, string>): void;
  /** Tells that the run is alive, and how far it is. */
  progress(done: number, total?: number): void;
  /** The value of a declared secret. */
  secret(secret: Secret): string;
}
