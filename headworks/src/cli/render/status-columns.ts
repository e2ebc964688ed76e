// The columns of counts in tables of phases and of processors: one for each standing, hidden where it would be empty.

import { count } from "../../inspect/health.ts";
import type { StandingCounts } from "../../store/history/overview.ts";
import type { Style } from "./output.ts";
import type { Column } from "./table.ts";

const STANDINGS: readonly [keyof StandingCounts, Style | undefined][] = [
  ["expected", undefined],
  ["complete", "green"],
  ["empty", undefined],
  ["degraded", "yellow"],
  ["late", "red"],
  ["failed", "red"],
  ["waived", undefined],
  ["waiting", "yellow"],
  ["running", "cyan"],
  ["queued", undefined],
  ["blocked", undefined],
];

/** The columns in their order; those that aren't among `always` only where some row has a figure. */
export function standingColumns<Row extends StandingCounts>(
  rows: readonly Row[],
  always: readonly (keyof StandingCounts)[],
): Column<Row>[] {
  const shown = STANDINGS.filter(([name]) => always.includes(name) || rows.some((row) => row[name] > 0));
  return shown.map(([name, style]) => ({
    title: name,
    align: "right",
    value: (row) => (row[name] === 0 ? "·" : count(row[name])),
    style: (row) => (row[name] === 0 ? "dim" : style),
  }));
}
