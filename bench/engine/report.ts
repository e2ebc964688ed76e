// The report: the same tables for the terminal, as Markdown and as JSON, with the hardware and the settings beside them.

import { cpus, totalmem } from "node:os";
import type { Contender } from "./contender.ts";
import type { Cell, Column, FigureResult } from "./figure.ts";
import type { Servers } from "./servers.ts";

export interface Report {
  measuredAt: string;
  hardware: { cpu: string; cores: number; memoryGb: number; system: string };
  /** The machine's load average before the run: what else was going on. */
  loadBefore: number;
  node: string;
  postgres: Record<string, string>;
  redis: { version: string; settings: string } | null;
  contenders: { name: string; version: string; settings: string; keeps: string }[];
  figures: readonly FigureResult[];
  /** What could not be measured, and why. */
  failures: readonly string[];
}

export function reportOf(
  servers: Pick<Servers, "settings" | "redis">,
  contenders: readonly Contender[],
  loadBefore: number,
  { figures, failures }: Pick<Report, "figures" | "failures">,
): Report {
  const { redis } = servers;
  return {
    measuredAt: new Date().toISOString(),
    hardware: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      memoryGb: Math.round(totalmem() / 2 ** 30),
      system: `${process.platform} ${process.arch}`,
    },
    loadBefore,
    node: process.version,
    postgres: servers.settings,
    redis: redis === undefined ? null : { version: redis.version, settings: redis.settings },
    contenders: contenders.map(({ name, version, settings, keeps }) => ({ name, version, settings, keeps })),
    figures,
    failures,
  };
}

/** One figure for the terminal. */
export function asTable(figure: FigureResult): string {
  const texts = textsOf(figure);
  const widths = figure.columns.map((_, at) => Math.max(...texts.map((row) => row[at]?.length ?? 0)));
  const lines = texts.map((row) =>
    row
      .map((text, at) =>
        isNumeric(figure, at) ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
  return [figure.title, ...lines].join("\n");
}

export function asMarkdown(report: Report): string {
  const { hardware, postgres, redis } = report;
  const settings = Object.entries(postgres)
    .filter(([name]) => name !== "server_version")
    .map(([name, value]) => `\`${name} = ${value}\``);
  const head = [
    "# Bench",
    "",
    "Written by `npm run bench`; [how it measures](README.md). Medians of the rounds, with the least and the most in " +
      "parentheses; ratios are taken round by round.",
    "",
    `- Measured ${report.measuredAt.slice(0, 10)} on ${hardware.cores} cores (${hardware.cpu}), ` +
      `${hardware.memoryGb} GB, ${hardware.system}, Node ${report.node}; load ${report.loadBefore.toFixed(1)} before it began`,
    `- PostgreSQL ${postgres.server_version}: ${settings.join(", ")}`,
    redis === null ? "- No Redis on this machine" : `- Redis ${redis.version}: ${redis.settings}`,
    "",
    "| contender | version | settings | keeps of a task that succeeded |",
    "|---|---|---|---|",
    ...report.contenders.map(
      (each) => `| ${each.name} | ${each.version} | ${each.settings} | ${each.keeps} |`,
    ),
  ];
  const failures =
    report.failures.length === 0
      ? []
      : ["", "## Not measured", "", ...report.failures.map((each) => `- ${each}`)];
  return `${[...head, ...report.figures.flatMap(figureAsMarkdown), ...failures].join("\n")}\n`;
}

function figureAsMarkdown(figure: FigureResult): string[] {
  const [titles = [], ...rows] = textsOf(figure);
  const rule = figure.columns.map((_, at) => (isNumeric(figure, at) ? "---:" : "---"));
  const lines = [titles, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  const rounds = figure.rounds === undefined ? "" : ` ${figure.rounds} rounds.`;
  return ["", `## ${figure.title}`, "", `${figure.about}${rounds}`, "", ...lines];
}

function textsOf({ columns, rows }: FigureResult): string[][] {
  const titles = columns.map((column) => column.title);
  return [titles, ...rows.map((row) => columns.map((column) => asText(row[column.key] ?? null, column)))];
}

function isNumeric({ columns, rows }: FigureResult, at: number): boolean {
  const key = columns[at]?.key ?? "";
  return rows.every((row) => typeof row[key] !== "string");
}

function asText(cell: Cell, { digits = 0 }: Column): string {
  if (cell === null) return "–";
  if (typeof cell === "string") return cell;
  const number = (value: number) =>
    value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  if (typeof cell === "number") return number(cell);
  if (Number.isNaN(cell.median)) return "–";
  return `${number(cell.median)} (${number(cell.least)}–${number(cell.most)})`;
}
