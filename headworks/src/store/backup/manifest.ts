// The manifest of a backup: what is in it, from when, and what each part must come to. It is the last entry but one.

import { z } from "zod";

export const FORMAT = 1;

const table = z.object({
  schema: z.string(),
  name: z.string(),
  columns: z.array(z.string()),
  rows: z.int(),
  /** In COPY's text format, before compression. */
  bytes: z.int(),
  /** See RowsDigest. */
  digest: z.string(),
});

const partition = z.object({
  name: z.string(),
  parent: z.string(),
  bounds: z.string(),
  divided_by: z.string().nullable(),
  options: z.array(z.string()).nullable(),
});

const files = z.object({
  files: z.int(),
  bytes: z.int(),
  /** Named by the database, and not there. */
  missing: z.int(),
  /** Whose content isn't what the database says: damaged responses are left out, artifacts are in it as they are. */
  differing: z.int(),
});

export const manifestSchema = z.object({
  format: z.literal(FORMAT),
  taken_at: z.string(),
  database: z.string(),
  postgres: z.int(),
  code_version: z.string().nullable(),
  migrations: z.array(z.object({ version: z.int(), name: z.string(), hash: z.string().default("") })),
  namespaces: z.array(z.string()),
  /** In the order in which they can be loaded: what others refer to comes first, datasets last. */
  tables: z.array(table),
  partitions: z.array(partition),
  sequences: z.array(z.object({ name: z.string(), last_value: z.string() })),
  /** Null when they were left out. */
  files: z.object({ archive: files, artifacts: files }).nullable(),
  /** Tables that are not in it, and why. */
  left_out: z.array(z.string()),
  /** Of all that comes before the manifest. */
  bytes: z.int(),
  sha256: z.string(),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type BackedUpTable = z.infer<typeof table>;
export type BackedUpFiles = z.infer<typeof files>;

/** Where the manifest is: in the last entry, whose place is known from the end of the file. */
export const trailerSchema = z.object({ manifest_at: z.int(), bytes: z.int(), sha256: z.string() });

/** The stream of a table's rows. */
export function streamOf({ schema, name }: { schema: string; name: string }): string {
  return `tables/${schema}.${name}.copy.zst`;
}
