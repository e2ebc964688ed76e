// Questions about processors: whether one is registered.

import { requireKnown } from "../domain/known-name.ts";
import type { Executor } from "../store/database.ts";
import { listProcessorNames } from "../store/history/overview.ts";

/** A name that was left out is no mistake. Throws UNKNOWN_PROCESSOR, with the name that was probably meant. */
export async function requireProcessor(
  executor: Executor,
  namespace: string,
  name: string | undefined,
): Promise<void> {
  if (name !== undefined) requireKnown("processor", name, await listProcessorNames(executor, namespace));
}
