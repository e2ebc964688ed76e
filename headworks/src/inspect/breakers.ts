// Questions about circuit breakers: which are open, and which one a name means.

import type * as contract from "../contract/breakers.ts";
import type { InputOf, OutputOf } from "../contract/operation.ts";
import type { BreakerKind } from "../domain/dispatch/breaker.ts";
import { HeadworksError } from "../domain/error.ts";
import { requireKnown } from "../domain/known-name.ts";
import type { Executor } from "../store/database.ts";
import * as store from "../store/failure/breakers.ts";

export async function listBreakers(
  executor: Executor,
  namespace: string,
): Promise<OutputOf<typeof contract.listBreakers>> {
  return { items: await store.listBreakers(executor, namespace), next_cursor: null };
}

/** Throws UNKNOWN_BREAKER, and BREAKER_AMBIGUOUS when a source and a processor of this name have one. */
export async function getBreaker(
  executor: Executor,
  namespace: string,
  { name, kind }: InputOf<typeof contract.resetBreaker>,
): Promise<{ kind: BreakerKind; name: string }> {
  const breakers = (await store.listBreakers(executor, namespace)).filter(
    (each) => kind === undefined || each.kind === kind,
  );
  requireKnown(
    "breaker",
    name,
    breakers.map((each) => each.name),
  );
  const [found, other] = breakers.filter((each) => each.name === name);
  if (found === undefined) throw new Error(`${name} is known and not there`);
  if (other === undefined) return { kind: found.kind, name };
  throw new HeadworksError({
    code: "BREAKER_AMBIGUOUS",
    message: `a source and a processor are called ${name}`,
    hint: "choose one with --kind source or --kind processor",
  });
}
