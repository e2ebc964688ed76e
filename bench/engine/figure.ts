// A figure: a table of the report, with what it means.

import type { Spread } from "../spread.ts";
import type { Contender, Store } from "./contender.ts";
import type { ContenderProcesses } from "./contender-process.ts";

export type Cell = Spread | number | string | null;

export interface Column {
  key: string;
  title: string;
  /** Digits after the point. Default 0. */
  digits?: number;
}

/** What came out. */
export interface FigureResult {
  name: string;
  title: string;
  /** Undefined where that has no meaning. */
  rounds?: number;
  /** What was measured and how, in a sentence or two. */
  about: string;
  columns: readonly Column[];
  rows: readonly Record<string, Cell>[];
}

/** What a figure may use. */
export interface Run {
  processes: ContenderProcesses;
  contenders: readonly Contender[];
  /** Measured rounds; one to warm up comes before them. */
  rounds: number;
  /** Scales the number of tasks: 1 in a full run. */
  scale: number;
  /** The big store. */
  store: Store;
  /** Whether minutes may be spent on making the big store of one contender. */
  isPatient: boolean;
  progress(line: string): void;
  /** Notes that a contender could not be measured; the run goes on without it. */
  failed(contender: Contender, error: unknown): void;
}

export interface Figure {
  name: string;
  title: string;
  /** Measured rounds of a full run. */
  rounds: number;
  measure(run: Run): Promise<FigureResult>;
}
