// dataset(): a keyed table of rows, described by a zod schema.

import type { z } from "zod";
import type { Duration } from "../domain/duration.ts";

/** A keyed table of rows. Made with {@link dataset}. */
export interface Dataset<N extends string = string, S extends z.ZodObject = z.ZodObject> {
  kind: "dataset";
  name: N;
  schema: S;
  key: readonly string[];
  shared: boolean;
  /** Undefined: its rows stay. */
  retention: DatasetRetention<keyof z.output<S> & string> | undefined;
}

/** When rows go: once what they say of themselves is older than this. */
export interface DatasetRetention<Field extends string> {
  age: Duration;
  /** A field that holds a day or an instant; where it is null, the row stays. */
  by: Field;
}

/** A row as it is read: what the schema gives. */
export type RowOf<D extends Dataset> = z.output<D["schema"]>;

/** A row as it is written: what the schema takes. */
export type RowInput<D extends Dataset> = z.input<D["schema"]>;

export interface DatasetOptions<S extends z.ZodObject> {
  /** The columns. Strings, numbers, integers, booleans, ISO dates and times become columns of their own kind; all else is kept as JSON. */
  schema: S;
  /** The fields that identify a row: its primary key. */
  key: readonly (keyof z.output<S> & string)[];
  /** Whether several processors may write it, each its own rows. Default false: one dataset has one owner. */
  shared?: boolean;
  /** For how long rows are kept, by a field that holds a day or an instant. Default: for ever. */
  retention?: DatasetRetention<keyof z.output<S> & string> | undefined;
}

/** Declares a dataset. Its table is called by the same name, in the schema of the namespace (`prod.box_scores`). */
export function dataset<N extends string, S extends z.ZodObject>(
  name: N,
  options: DatasetOptions<S>,
): Dataset<N, S> {
  const { schema, key, shared = false, retention } = options;
  return { kind: "dataset", name, schema, key, shared, retention };
}
