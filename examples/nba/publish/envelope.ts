// The one envelope of everything that is published: what it is, what it is for, and when it is halted, why.

/** What a reader checks first. The same code and data give the same bytes: no clock is in it. */
interface Head {
  /** The name and version of what `data` is, as in `slate/1`. */
  schema: `${string}/${number}`;
  /** As in `2025-26`. */
  season: string;
  /** The day, or the season, that it tells of. */
  generatedFor: string;
  /** The datasets it had only a part of, or nothing: they are late, have fallen short or failed. */
  without: string[];
}

/** Published, or halted with a reason; then `data` is what there is all the same, and may be empty. */
export type Envelope<Data> = Head &
  ({ status: "published"; data: Data } | { status: "halted"; reason: string; data: Data });

/** Halted when there is a reason for it. */
export function envelope<Data>(head: Head, data: Data, reason?: string): Envelope<Data> {
  const { schema, season, generatedFor, without } = head;
  const common = { schema, season, generatedFor };
  return reason === undefined
    ? { ...common, status: "published", without, data }
    : { ...common, status: "halted", reason, without, data };
}

/** To two digits, as numbers are published. */
export function rounded(value: number): number;
export function rounded(value: number | null): number | null;
export function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 100) / 100;
}
