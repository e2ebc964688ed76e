// How long processors' successful runs took.

import type { RunTimes } from "../../domain/settlement/timeout.ts";
import type { Executor } from "../database.ts";
import * as sql from "./run-times.queries.ts";

/** The times of the latest successful runs in a namespace, at most `samples` of each processor; none for one that has no such run. */
export async function listRunTimes(
  executor: Executor,
  namespace: string,
  processors: readonly string[],
  samples: number,
): Promise<Map<string, RunTimes>> {
  const rows = await sql.listRunTimes(executor, { processors, samples, namespace });
  return new Map(rows.map((row) => [row.processor, { samples: row.samples, p95Ms: row.p95_ms }]));
}
