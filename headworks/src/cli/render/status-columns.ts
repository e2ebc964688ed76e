// The columns of counts in tables of phases and of processors: one for each status, hidden where it would be empty.

import { count } from "../../domain/plural.ts";
import type { StatusCounts } from "../../store/history/overview.ts";
import type { Style } from "./output.ts";
import type { Column } from "./table.ts";

const STATUSES: readonly [keyof StatusCounts, Style | undefined][] = [
  ["expected", undefined],
  ["complete", "green"],
  ["empty", undefined],
  ["degraded", "yellow"],
  ["overdue", "red"],
  ["failed", "red"],
  ["waived", undefined],
  ["waiting", "yellow"],
  ["running", "cyan"],
  ["queued", undefined],
  ["blocked", undefined],
];

/** The columns in their order; those that aren't among `always` only where some row has a figure. */
export function statusColumns<Row extends StatusCounts>(
  rows: readonly Row[],
  always: readonly (keyof StatusCounts)[],
): Column<Row>[] {
  const shown = STATUSES.filter(([name]) => always.includes(name) || rows.some((row) => row[name] > 0));
  return shown.map(([name, style]) => ({
    title: name,
    align: "right",
    value: (row) => (row[name] === 0 ? "·" : count(row[name])),
    style: (row) => (row[name] === 0 ? "dim" : style),
  }));
}
