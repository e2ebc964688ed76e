// dataset(): a keyed table of rows, described by a zod schema.

import type { z } from "zod";

/** A keyed table of rows. Made with {@link dataset}. */
export interface Dataset<N extends string = string, S extends z.ZodObject = z.ZodObject> {
  kind: "dataset";
  name: N;
  schema: S;
  key: readonly string[];
  shared: boolean;
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
}

/** Declares a dataset. Its table is called by the same name, in the schema of the namespace (`prod.box_scores`). */
export function dataset<N extends string, S extends z.ZodObject>(
  name: N,
  options: DatasetOptions<S>,
): Dataset<N, S> {
  return { kind: "dataset", name, schema: options.schema, key: options.key, shared: options.shared ?? false };
}
