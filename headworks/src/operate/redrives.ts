// Stops a redrive; making one is a retry of many failed tasks.

import type { InputOf, OutputOf } from "../contract/operation.ts";
import type * as contract from "../contract/redrives.ts";
import { HeadworksError } from "../domain/error.ts";
import { plural } from "../domain/plural.ts";
import type { Redrive } from "../store/failure/redrives.queries.ts";
import * as store from "../store/failure/redrives.ts";
import { audited, type Operator } from "./operator.ts";

/** Throws REDRIVE_UNKNOWN, REDRIVE_OVER. */
export async function cancelRedrive(
  operator: Operator,
  { id }: InputOf<typeof contract.cancelRedrive>,
): Promise<OutputOf<typeof contract.cancelRedrive>> {
  return audited(operator, { action: "redrives.cancel", subject: String(id) }, async (connection, note) => {
    const cancelled = await store.cancelRedrive(connection, id);
    const found = await store.findRedrive(connection, id);
    if (found === undefined) throw unknown(id);
    if (!cancelled) throw overAlready(found);
    const { retried, tasks } = found;
    note({ retried, tasks });
    return { id, state: "cancelled", retried, tasks };
  });
}

function unknown(id: number): HeadworksError {
  return new HeadworksError({
    code: "REDRIVE_UNKNOWN",
    message: `there is no redrive ${id}`,
    hint: "`headworks failures redrives` lists them",
  });
}

function overAlready({ id, state, retried }: Redrive): HeadworksError {
  return new HeadworksError({
    code: "REDRIVE_OVER",
    message: `redrive ${id} is ${state === "cancelled" ? "canceled" : state} already, with ${plural(retried, "task")} ready`,
    hint: "`headworks tasks cancel` deletes tasks that wait for their turn",
  });
}
