// Which slices there are by now: by the calendars, and by what was discovered.

import type { Temporal } from "temporal-polyfill";
import type { CompiledProcessor, Registry } from "../../define/registry.ts";
import { append } from "../../domain/append.ts";
import { openKeys, SINGLE_KEY } from "../../domain/calendar/partitions.ts";
import type { Database, Executor } from "../../store/database.ts";
import { listMembers } from "../../store/ledger/planning.ts";
import type { Slice } from "./plan.ts";

/** Every slice of the configuration that is open at `now`. */
export async function listOpenSlices(
  database: Database,
  registry: Registry,
  namespace: string,
  now: Temporal.Instant,
): Promise<Slice[]> {
  const slices: Slice[] = [];
  for (const processor of registry.processors.values()) {
    append(slices, await listSlicesOf(database, processor, namespace, now));
  }
  return slices;
}

/** Those of one processor. */
export async function listSlicesOf(
  database: Executor,
  processor: CompiledProcessor,
  namespace: string,
  now: Temporal.Instant,
): Promise<Slice[]> {
  const { partitions } = processor;
  switch (partitions.kind) {
    case "single":
      return [{ processor, key: SINGLE_KEY }];
    case "calendar":
      return openKeys(partitions, now).map((key) => ({ processor, key }));
    case "dynamic":
      return (await listMembers(database, namespace, partitions.name)).map((member) => ({
        processor,
        ...member,
      }));
  }
}
