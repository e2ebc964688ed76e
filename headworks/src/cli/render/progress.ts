// What live progress looks like: a bar for each phase, counts by outcome, rate and time left. Pure.

import type { PhaseHealth } from "../../contract/health.ts";
import { formatDuration } from "../../domain/duration.ts";
import { count } from "../../domain/plural.ts";
import { sum } from "../../inspect/health.ts";
import type { StatusCounts } from "../../store/history/overview.ts";
import type { Paint, Style } from "./output.ts";

export interface Snapshot {
  phases: readonly PhaseHealth[];
  elapsedMs: number;
  runsPerSecond: number;
  /** Milliseconds; undefined when it can't be told. */
  leftMs: number | undefined;
}

/** A text and its color. A line is made of them, so that it can be cut without counting escape codes. */
type Segment = readonly [style: Style | undefined, text: string];

const WIDEST_BAR = 30;
const NARROWEST_BAR = 8;
/** What is kept free for the gaps and the counts, so that bars don't change their length as counts come. */
const TALLY_WIDTH = 64;
const SHOWN: readonly [keyof StatusCounts, Style][] = [
  ["complete", "green"],
  ["empty", "gray"],
  ["degraded", "yellow"],
  ["failed", "red"],
  ["running", "cyan"],
  ["waiting", "yellow"],
];

/** Those that need nothing more: all that was expected came, or will not. */
export function doneOf(counts: StatusCounts): number {
  return counts.complete + counts.empty + counts.waived + counts.degraded + counts.failed;
}

/** The lines of a frame, none wider than `width` columns. */
export function renderProgress(snapshot: Snapshot, width: number, paint: Paint): string[] {
  const names = namesOf(snapshot.phases);
  const nameWidth = Math.max(0, ...names.map((name) => name.length));
  const figures = snapshot.phases.map((phase) => `${count(doneOf(phase))}/${count(phase.expected)}`);
  const figureWidth = Math.max(0, ...figures.map((text) => text.length));
  const barWidth = Math.max(
    NARROWEST_BAR,
    Math.min(WIDEST_BAR, width - nameWidth - figureWidth - TALLY_WIDTH),
  );
  const lines = snapshot.phases.map((phase, index) => [
    [undefined, `${(names[index] ?? "").padEnd(nameWidth)} `] as const,
    ...bar(phase, barWidth),
    [undefined, ` ${(figures[index] ?? "").padStart(figureWidth)}  `] as const,
    ...tally(phase),
  ]);
  return [...lines, [["dim", totalsLine(snapshot)] as const]].map((line) => joined(line, width, paint));
}

/** The same on one line, for where there is no terminal. */
export function renderPlain(snapshot: Snapshot): string {
  const names = namesOf(snapshot.phases);
  const phases = snapshot.phases.map((phase, index) => {
    const problems = SHOWN.slice(2)
      .filter(([name]) => phase[name] > 0)
      .map(([name]) => `${count(phase[name])} ${name}`);
    const named = problems.length === 0 ? "" : ` (${problems.join(", ")})`;
    return `${names[index]} ${count(doneOf(phase))}/${count(phase.expected)}${named}`;
  });
  return `${phases.join(" · ")} · ${totalsLine(snapshot)}`;
}

function totalsLine({ phases, elapsedMs, runsPerSecond, leftMs }: Snapshot): string {
  const totals = sum(phases);
  const rate = runsPerSecond >= 10 ? count(Math.round(runsPerSecond)) : runsPerSecond.toFixed(1);
  const left = leftMs === undefined ? "" : ` · about ${formatDuration(leftMs)} left`;
  return `${count(doneOf(totals))}/${count(totals.expected)} outputs · ${rate} runs/s · ${formatDuration(elapsedMs)}${left}`;
}

/** A phase by its name alone while there is one pipeline. */
function namesOf(phases: readonly PhaseHealth[]): string[] {
  const isOne = new Set(phases.map((phase) => phase.pipeline)).size <= 1;
  return phases.map((phase) => (isOne ? phase.phase : `${phase.pipeline}/${phase.phase}`));
}

/** Each part is as long as its share; a part that is there at all is seen. */
function bar(phase: PhaseHealth, width: number): Segment[] {
  const good = lengthOf(phase.complete + phase.empty + phase.waived, phase.expected, width);
  const short = Math.min(
    width - good,
    lengthOf(phase.degraded + phase.failed, phase.expected, width) || atLeast(phase),
  );
  const full =
    phase.expected > 0 && doneOf(phase) === phase.expected ? width - short : Math.min(good, width - 1);
  return [
    ["green", "█".repeat(full)],
    ["red", "█".repeat(short)],
    ["dim", "░".repeat(Math.max(0, width - full - short))],
  ];
}

function atLeast(phase: PhaseHealth): number {
  return phase.degraded + phase.failed > 0 ? 1 : 0;
}

function lengthOf(part: number, whole: number, width: number): number {
  return whole === 0 ? 0 : Math.floor((part / whole) * width);
}

function tally(phase: PhaseHealth): Segment[] {
  const shown = SHOWN.filter(([name]) => phase[name] > 0);
  return shown.flatMap(([name, style], index) => [
    [undefined, index === 0 ? "" : " · "] as const,
    [style, `${count(phase[name])} ${name}`] as const,
  ]);
}

function joined(segments: readonly Segment[], width: number, paint: Paint): string {
  let left = width;
  let line = "";
  for (const [style, text] of segments) {
    const fitting = text.slice(0, Math.max(0, left));
    left -= fitting.length;
    line += style === undefined || fitting === "" ? fitting : paint(style, fitting);
  }
  return line;
}
