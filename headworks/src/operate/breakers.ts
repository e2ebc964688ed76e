// Closes a circuit breaker by hand.

import type * as contract from "../contract/breakers.ts";
import type { InputOf, OutputOf } from "../contract/operation.ts";
import { getBreaker } from "../inspect/breakers.ts";
import * as store from "../store/failure/breakers.ts";
import { audited, type Operator } from "./operator.ts";

/** Throws UNKNOWN_BREAKER and BREAKER_AMBIGUOUS. */
export async function resetBreaker(
  operator: Operator,
  input: InputOf<typeof contract.resetBreaker>,
): Promise<OutputOf<typeof contract.resetBreaker>> {
  const entry = { action: "breakers.reset", subject: input.name };
  return audited(operator, entry, async (connection, note) => {
    const breaker = await getBreaker(connection, operator.namespace, input);
    const was = await store.resetBreaker(connection, operator.namespace, breaker);
    note({ kind: breaker.kind, was });
    return { ...breaker, state: "closed", was };
  });
}
