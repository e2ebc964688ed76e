// Questions about namespaces: which there are.

import { requireKnown } from "../domain/known-name.ts";
import type { Executor } from "../store/database.ts";
import { listNamespaces } from "../store/queue/registry.ts";

/** Throws UNKNOWN_NAMESPACE, with the name that was probably meant. */
export async function requireNamespace(executor: Executor, name: string): Promise<void> {
  requireKnown("namespace", name, await listNamespaces(executor));
}
