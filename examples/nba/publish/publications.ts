// Publishes files, and keeps a row of each: what is published, what is halted, and why, can be asked of the database.

import { dataset, type RowInput } from "headworks";
import { z } from "zod";
import type { Envelope } from "./envelope.ts";

/** Each processor of the phase has its own rows. */
export const publications = dataset("publications", {
  schema: z.object({
    path: z.string(),
    schema: z.string(),
    generated_for: z.string(),
    status: z.enum(["published", "halted"]),
    /** Why it is halted; null when it is not. */
    reason: z.string().nullable(),
    /** How many games and players it says something of; null where it isn't about such. */
    games: z.int().nullable(),
    players: z.int().nullable(),
  }),
  key: ["path"],
  shared: true,
});

type Publication = RowInput<typeof publications>;

/** A file to publish as `<name>.json`, and as `<name>.parquet` where there is a table of it. */
export interface PublishedFile {
  name: string;
  envelope: Envelope<unknown>;
  games: number | null;
  players: number | null;
  parquet?: Uint8Array;
}

/** What a run's context is to a publisher. */
interface Press {
  artifact(path: string, content: string | Uint8Array): Promise<void>;
  write(into: typeof publications, rows: Iterable<Publication>): Promise<unknown>;
}

/** Writes the files and their rows; all of it is published when the run settles. */
export async function publish(ctx: Press, files: readonly PublishedFile[]): Promise<void> {
  await Promise.all(
    files.flatMap(({ name, envelope, parquet }) => [
      ctx.artifact(`${name}.json`, `${JSON.stringify(envelope, null, 2)}\n`),
      ...(parquet === undefined ? [] : [ctx.artifact(`${name}.parquet`, parquet)]),
    ]),
  );
  await ctx.write(publications, files.map(publicationOf));
}

function publicationOf({ name, envelope, games, players }: PublishedFile): Publication {
  return {
    path: `${name}.json`,
    schema: envelope.schema,
    generated_for: envelope.generatedFor,
    status: envelope.status,
    reason: envelope.status === "halted" ? envelope.reason : null,
    games,
    players,
  };
}
