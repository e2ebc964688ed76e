// need(), optional(), anyOf(): what an output needs before it may run.

import type { Mapping } from "../domain/calendar/mapping.ts";

export interface NeedOptions {
  /** Which of the upstream's partitions: see {@link trailing}, {@link preceding}, {@link every}. Default: the natural ones. */
  partitions?: Mapping;
  /** `degraded` lets an output that fell short satisfy the need too. */
  accept?: "degraded";
}

/** What a need can point at: a processor, whatever it covers and writes. */
export interface NamedProcessor {
  kind: "processor";
  name: string;
}

/** A need that can be one alternative of an `anyOf`. */
export interface RequiredNeed {
  kind: "required";
  processor: NamedProcessor | string;
  mapping: Mapping;
  acceptsDegraded: boolean;
}

export type Need =
  | RequiredNeed
  | { kind: "optional"; need: RequiredNeed }
  | { kind: "any_of"; options: readonly RequiredNeed[] };

/** A processor by itself is short for `need(processor)`. In YAML and across pipelines it may be a name. */
export type NeedInput = NamedProcessor | string | Need;

/** Needs a processor, with a mapping between partitionings or a tolerance. */
export function need(processor: NamedProcessor | string, options: NeedOptions = {}): RequiredNeed {
  return {
    kind: "required",
    processor,
    mapping: options.partitions ?? { kind: "natural" },
    acceptsDegraded: options.accept === "degraded",
  };
}

/** Waits until the need is settled in any way, failed too. */
export function optional(wanted: NamedProcessor | string | RequiredNeed): Need {
  return { kind: "optional", need: asRequired(wanted) };
}

/** Is satisfied by whichever comes first: a fallback source. */
export function anyOf(...options: readonly (NamedProcessor | string | RequiredNeed)[]): Need {
  return { kind: "any_of", options: options.map(asRequired) };
}

/** This partition and the `count - 1` before it. */
export const trailing = (count: number): Mapping => ({ kind: "range", from: 1 - count, to: 0 });
/** The `count` partitions before this one. */
export const preceding = (count: number): Mapping => ({ kind: "range", from: -count, to: -1 });
/** Every partition of the upstream set, which must have an end. */
export const every = (): Mapping => ({ kind: "all" });

/** Brings the short forms of a need into the long one. */
export function asNeed(input: NeedInput): Need {
  if (typeof input === "string" || input.kind === "processor") return need(input);
  return input;
}

function asRequired(wanted: NamedProcessor | string | RequiredNeed): RequiredNeed {
  return typeof wanted === "string" || wanted.kind === "processor" ? need(wanted) : wanted;
}
