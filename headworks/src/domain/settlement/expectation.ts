// What a processor's `expect` said of one partition: how many records there ought to be.

/** Counts of records, both inclusive. A missing max means that more is never too many. */
export interface RecordRange {
  min: number;
  max?: number;
}

/**
 * `known` when `expect` answered, `unknown` when the processor declares none,
 * `unanswered` when it would have had to read outputs that are unsettled or degraded.
 */
export type Expectation =
  | { kind: "known"; range: RecordRange }
  | { kind: "unknown" }
  | { kind: "unanswered"; waitsFor: OutputName };

/** Names an output of the ledger within a namespace. */
export interface OutputName {
  processor: string;
  partition: string;
}

export function formatOutputName(output: OutputName): string {
  return `${output.processor}[${output.partition}]`;
}
