// The design's budgets beside what was measured: the first table of a report.

import type { Spread } from "../spread.ts";
import type { Cell, FigureResult } from "./figure.ts";

/** Those that do the same work and aren't loops by hand. */
const PEERS = ["graphile-worker", "pg-boss", "bullmq", "dbos"];
/** What the bulk enqueue may cost beside the bare `unnest` insert: 100,000 where that gives 180,000. */
const BULK_SHARE = 100_000 / 180_000;

interface Budget {
  what: string;
  allowed: string;
  /** Undefined when its figure wasn't measured. */
  measured: number | undefined;
  isMet: (measured: number) => boolean;
}

/** Undefined when nothing was measured that has a budget. */
export function budgetsOf(figures: readonly FigureResult[]): FigureResult | undefined {
  const rows = listBudgets(figures).flatMap(({ what, allowed, measured, isMet }) =>
    measured === undefined ? [] : { what, allowed, measured, met: isMet(measured) ? "yes" : "no" },
  );
  if (rows.length === 0) return undefined;
  return {
    name: "budgets",
    title: "Budgets",
    about: "The medians of Headworks beside what the design allows.",
    columns: [
      { key: "what", title: "what" },
      { key: "allowed", title: "budget" },
      { key: "measured", title: "measured", digits: 2 },
      { key: "met", title: "met" },
    ],
    rows,
  };
}

function listBudgets(figures: readonly FigureResult[]): Budget[] {
  const value = (figure: string, row: string, key: string) => findValue(figures, figure, row, key);
  const overPeers = PEERS.flatMap((peer) => value("throughput", peer, "ratio") ?? []);
  const rates = figures.find(({ name }) => name === "rate")?.rows ?? [];
  const share = (row: Record<string, Cell>) => numberOf(row.share ?? null) ?? Number.NaN;
  const atLeast = (limit: number) => (measured: number) => measured >= limit;
  const atMost = (limit: number) => (measured: number) => measured <= limit;
  return [
    {
      what: "tasks/s ÷ the best peer",
      allowed: "ahead, aim 1.2",
      measured: overPeers.length === 0 ? undefined : Math.min(...overPeers),
      isMet: (measured) => measured > 1,
    },
    {
      what: "tasks/s ÷ a loop by hand that writes the same rows",
      allowed: "≥ 0.5",
      measured: value("throughput", "bare-same-rows", "ratio"),
      isMet: atLeast(0.5),
    },
    {
      what: "bulk enqueue ÷ a bare `unnest` insert",
      allowed: `≥ ${BULK_SHARE.toFixed(2)}`,
      measured: value("enqueue", "bare", "ratio"),
      isMet: atLeast(BULK_SHARE),
    },
    {
      what: "pick-up p50, ms",
      allowed: "≤ 5",
      measured: value("pick-up", "headworks", "p50"),
      isMet: atMost(5),
    },
    {
      what: "pick-up p99, ms",
      allowed: "≤ 15",
      measured: value("pick-up", "headworks", "p99"),
      isMet: atMost(15),
    },
    {
      what: "claim on the big store ÷ on a small one",
      allowed: "≤ 1.1",
      measured: value("backlog", "headworks", "claimRatio"),
      isMet: atMost(1.1),
    },
    {
      what: "`health`: its queries, ms",
      allowed: "≤ 300",
      measured: value("health", "queries", "milliseconds"),
      isMet: atMost(300),
    },
    {
      what: "`health`: the command from source, ms",
      allowed: "≤ 1,500",
      measured: value("health", "command", "milliseconds"),
      isMet: atMost(1_500),
    },
    {
      what: "kept rate, % of the limit, the worst",
      allowed: "98 to 100",
      measured: rates.length === 0 ? undefined : Math.min(...rates.map(share)),
      isMet: (measured) => measured >= 98 && Math.max(...rates.map(share)) <= 100.05,
    },
    {
      what: "claims over rate × window + burst, the most",
      allowed: "0",
      measured:
        rates.length === 0 ? undefined : Math.max(...rates.map((row) => numberOf(row.excess ?? null) ?? 0)),
      isMet: atMost(0),
    },
  ];
}

function findValue(
  figures: readonly FigureResult[],
  name: string,
  contender: string,
  key: string,
): number | undefined {
  const figure = figures.find((each) => each.name === name);
  const row = figure?.rows.find((each) => (each.contender ?? each.what) === contender);
  return numberOf(row?.[key] ?? null);
}

function numberOf(cell: Cell): number | undefined {
  const value = isSpread(cell) ? cell.median : cell;
  return typeof value === "number" && !Number.isNaN(value) ? value : undefined;
}

function isSpread(cell: Cell): cell is Spread {
  return typeof cell === "object" && cell !== null;
}
