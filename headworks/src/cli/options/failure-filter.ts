// The filter of failed tasks on the command line.

import { type Command, Option } from "commander";
import type { z } from "zod";
import { failureFilter } from "../../contract/failures.ts";
import { requireKnown } from "../../domain/known-name.ts";
import { OUTCOMES } from "../../domain/settlement/outcome.ts";
import type { GlobalOptions } from "../globals.ts";
import { parseSince } from "../render/instants.ts";

type Filter = z.input<typeof failureFilter>;

export type FilterOptions = GlobalOptions & Filter;

const FILTERS = Object.keys(failureFilter.shape) as (keyof Filter)[];

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

/** As the contract has it; instants may be written as how long ago. Throws UNKNOWN_OUTCOME, INSTANT_INVALID. */
export function readFilter(options: FilterOptions): Filter {
  const { since, until } = options;
  if (options.outcome !== undefined) requireKnown("outcome", options.outcome, OUTCOMES);
  const now = Date.now();
  return {
    ...Object.fromEntries(FILTERS.map((name) => [name, options[name]])),
    since: since === undefined ? undefined : parseSince(since, now),
    until: until === undefined ? undefined : parseSince(until, now, "--until"),
  };
}
