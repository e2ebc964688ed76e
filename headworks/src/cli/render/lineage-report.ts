// Shows a lineage: what was read, by which runs, and what the sources answered to them.

import type { FoundRows, Lineage, LineageStep, SourceResponse } from "../../contract/lineage.ts";
import { plural } from "../../domain/plural.ts";
import { shortRunId } from "../../inspect/runs.ts";
import { cut, type Paint, safeText } from "./output.ts";

/** So many partitions, keys and runs are named; of more, the first and how many there are. */
const NAMED = 3;
const VALUE_WIDTH = 100;

/** The row, its steps back to the sources, then what is upstream of steps where it could not be told apart. */
export function renderLineage(dataset: string, { row, steps }: Lineage, paint: Paint): string[] {
  const values = Object.entries(row).filter(([name]) => !name.startsWith("_"));
  const width = Math.max(...values.map(([name]) => name.length));
  const head = values.map(([name, value]) => `  ${name.padEnd(width)}  ${cut(textOf(value), VALUE_WIDTH)}`);
  const followed = steps.filter((step) => step.through.length === 0);
  const whole = steps.filter((step) => step.through.length > 0);
  return [
    paint("bold", dataset),
    ...head,
    ...followed.flatMap((step) => ["", ...renderStep(step, paint)]),
    ...(whole.length === 0 ? [] : ["", ...renderWhole(whole, paint)]),
  ];
}

function renderStep(step: LineageStep, paint: Paint): string[] {
  const what = step.rows.map(countOf).join(", ") || "no rows of its own";
  const whole = step.by_item || step.rows.length === 0 ? "" : paint("dim", " (whole partitions)");
  return [
    `${paint("bold", placeOf(step))}  ${what}${whole}`,
    ...(step.by_item || totalOf(step) <= NAMED ? step.rows.flatMap(keysOf) : []),
    `  ${runsOf(step.runs)}`,
    ...step.responses.first.map((response) => `  ${responseText(response, paint)}`),
    ...moreOf(step.responses.total - step.responses.first.length, "response"),
  ];
}

/** In short: whatever the item is, these are whole days and seasons. */
function renderWhole(steps: readonly LineageStep[], paint: Paint): string[] {
  const through = [...new Set(steps.flatMap((step) => step.through))];
  const width = Math.max(...steps.map((step) => placeOf(step).length));
  return [
    paint("bold", `Beyond ${inWords(through)}`) + paint("dim", "  (whole partitions)"),
    ...steps.map((step) => {
      const rows = step.rows.map(countOf);
      const answers = step.responses.total === 0 ? [] : [plural(step.responses.total, "response")];
      return `  ${placeOf(step).padEnd(width)}  ${[...rows, plural(step.runs.length, "run"), ...answers].join(", ")}`;
    }),
  ];
}

function placeOf({ processor, partitions }: LineageStep): string {
  if (partitions.length === 0) return processor;
  return `${processor}[${partitions.length > NAMED ? `${partitions[0]} … ${partitions.at(-1)}` : partitions.join(", ")}]`;
}

function countOf({ dataset, total }: FoundRows): string {
  return `${plural(total, "row")} of ${dataset}`;
}

function keysOf({ key, total, first }: FoundRows): string[] {
  const shown = first.slice(0, NAMED);
  return [
    ...shown.map((row) => `  ${key.map((name) => `${name}=${textOf(row[name])}`).join(" ")}`),
    ...moreOf(total - shown.length, "row"),
  ];
}

function runsOf(runs: readonly string[]): string {
  const [first] = runs;
  if (first === undefined) return "not run yet";
  return runs.length > NAMED
    ? `${runs.length} runs, the first ${shortRunId(first)}`
    : `${runs.length === 1 ? "run" : "runs"} ${runs.map(shortRunId).join(", ")}`;
}

function responseText({ status, method, url, hash }: SourceResponse, paint: Paint): string {
  return `${status} ${method} ${safeText(url)}  ${paint("dim", hash.slice(0, 12))}`;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "–";
  return safeText(typeof value === "object" ? JSON.stringify(value) : String(value));
}

function totalOf({ rows }: LineageStep): number {
  return rows.reduce((sum, { total }) => sum + total, 0);
}

/** "a", "a and b", "a, b and c". */
function inWords(names: readonly string[]): string {
  return [names.slice(0, -1).join(", "), ...names.slice(-1)].filter((part) => part !== "").join(" and ");
}

function moreOf(amount: number, what: string): string[] {
  return amount > 0 ? [`  and ${plural(amount, `more ${what}`)}`] : [];
}
