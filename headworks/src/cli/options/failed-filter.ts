// The filter of failed tasks on the command line, and failures by the beginning of their fingerprint.

import { type Command, Option } from "commander";
import { HeadworksError } from "../../domain/error.ts";
import { requireKnown } from "../../domain/known-name.ts";
import { PROD } from "../../domain/namespace.ts";
import { OUTCOMES } from "../../domain/settlement/outcome.ts";
import type { Executor } from "../../store/database.ts";
import { type FailedFilter, findFailures } from "../../store/failure/failures.ts";
import { listProcessorNames } from "../../store/history/overview.ts";
import type { GlobalOptions } from "../globals.ts";
import { parseSince } from "../render/instants.ts";

export type FilterOptions = GlobalOptions & Omit<FailedFilter, "namespace">;

const FILTERS = [
  "pipeline",
  "phase",
  "processor",
  "partition",
  "queue",
  "outcome",
  "fingerprint",
  "since",
  "until",
  "text",
] as const satisfies (keyof FailedFilter)[];

export function addFilterOptions(command: Command): Command {
  return command
    .option("--pipeline <name>", "of this pipeline only")
    .option("--phase <name>", "of this phase only")
    .option("--processor <name>", "of this processor only")
    .option("--partition <key>", "of this partition only")
    .option("--queue <name>", "of this queue only")
    .addOption(new Option("--outcome <outcome>", OUTCOMES.join(", ")))
    .option("--fingerprint <hex>", "of this failure only; its beginning is enough")
    .option("--since <when>", "failed since: 90m, 6h, 2d ago, or an instant")
    .option("--until <when>", "failed before: 90m, 6h, 2d ago, or an instant")
    .option("--text <text>", "whose error says this, in capitals or not");
}

export function isFiltered(options: FilterOptions): boolean {
  return FILTERS.some((name) => options[name] !== undefined);
}

/** Throws UNKNOWN_OUTCOME, UNKNOWN_PROCESSOR, INSTANT_INVALID. */
export async function readFilter(executor: Executor, options: FilterOptions): Promise<FailedFilter> {
  const { since, until } = options;
  if (options.outcome !== undefined) requireKnown("outcome", options.outcome, OUTCOMES);
  if (options.processor !== undefined)
    requireKnown("processor", options.processor, await listProcessorNames(executor, PROD));
  const now = Date.now();
  return {
    ...Object.fromEntries(FILTERS.map((name) => [name, options[name]])),
    namespace: PROD,
    fingerprint: options.fingerprint?.toLowerCase(),
    since: since === undefined ? undefined : parseSince(since, now),
    until: until === undefined ? undefined : parseSince(until, now, "--until"),
  };
}

/** The fingerprint that begins so. Throws FAILURE_UNKNOWN, FAILURE_AMBIGUOUS. */
export async function requireFailure(executor: Executor, beginning: string): Promise<string> {
  const found = await findFailures(executor, PROD, beginning.toLowerCase(), 5);
  const [first] = found;
  if (first !== undefined && found.length === 1) return first.fingerprint;
  throw new HeadworksError({
    code: first === undefined ? "FAILURE_UNKNOWN" : "FAILURE_AMBIGUOUS",
    message:
      first === undefined
        ? `there is no failure ${beginning}`
        : `several failures begin with ${beginning}: ${found.map((each) => each.fingerprint).join(", ")}`,
    hint: first === undefined ? "`headworks failed list` shows them" : "give more of the fingerprint",
  });
}
