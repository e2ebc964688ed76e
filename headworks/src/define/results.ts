// What a processor may return besides nothing: retry and park are returned outcomes, not exceptions.

/** "There is nothing to fetch": believed only if `expect` agrees. */
export interface NoData {
  kind: "no_data";
  note: string;
}

/** "Something I need isn't there yet": the task waits for it. */
export interface DependencyMissing {
  kind: "dependency_missing";
  note: string;
  waitsFor?: { processor: string; partition: string };
}

/** How many records the run produced, where the number of rows written isn't what `expect` counts. */
export interface Produced {
  records: number;
}

export type RunResult = undefined | NoData | DependencyMissing | Produced;

/** Ends the run as `no_data_available`, with a note on what was seen. */
export function noData(note: string): NoData {
  return { kind: "no_data", note };
}

/** Ends the run as `dependency_missing`. With `waitsFor` it runs again as soon as that output settles; else at the next recheck. */
export function dependencyMissing(
  note: string,
  waitsFor?: { processor: string; partition: string },
): DependencyMissing {
  return { kind: "dependency_missing", note, ...(waitsFor === undefined ? {} : { waitsFor }) };
}
