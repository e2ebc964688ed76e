// Payloads: what was handed over for the runs of an output, as JSON texts that checkPayload has let through.

import type { Executor } from "../database.ts";
import * as sql from "./payloads.queries.ts";

/** Hands the text over for the next runs of these outputs, in place of what there was. */
export async function savePayload(
  executor: Executor,
  outputIds: readonly number[],
  text: string,
): Promise<void> {
  await sql.savePayload(executor, { output_ids: outputIds, payload: text });
}

/** The text as it was given; undefined when nothing was. */
export async function findPayload(executor: Executor, outputId: number): Promise<string | undefined> {
  return (await sql.findPayload(executor, { output_id: outputId }))?.payload;
}
