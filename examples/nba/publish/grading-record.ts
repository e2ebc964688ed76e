// The grading record of a season: how far predictions were off, month by month, and how lines fared, by bookmaker.

import { gradePredictions } from "../model/grading.ts";
import { gradeLines, type LineGrade } from "../model/grading-lines.ts";
import { rounded } from "./envelope.ts";
import type { Columns } from "./parquet.ts";

export interface GradedPrediction {
  date: string;
  predicted: number;
  baseline: number | null;
  actual: number | null;
}

export interface GradedLine {
  bookmaker: string;
  line: number;
  over_price: number | null;
  under_price: number | null;
  predicted: number | null;
  actual: number | null;
}

export interface PredictionRecord {
  predictions: number;
  graded: number;
  withoutActual: number;
  /** Mean absolute errors of our predictions and of season averages, on the same games; null without any. */
  mae: number | null;
  baselineMae: number | null;
  /** The share of the average's error that our predictions save. */
  improvement: number | null;
}

export interface GradingRecord {
  predictions: PredictionRecord;
  months: (PredictionRecord & { month: string })[];
  bookmakers: LineGrade[];
}

export function gradingRecord(
  predictions: readonly GradedPrediction[],
  lines: readonly GradedLine[],
): GradingRecord {
  const months = [...Map.groupBy(predictions, ({ date }) => date.slice(0, 7))].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return {
    predictions: recordOf(predictions),
    months: months.map(([month, its]) => ({ month, ...recordOf(its) })),
    bookmakers: gradeLines(
      lines.map(({ over_price: overPrice, under_price: underPrice, ...line }) => ({
        ...line,
        overPrice,
        underPrice,
      })),
    ),
  };
}

/** A row for all predictions, for those of each month, and for the lines of each bookmaker. */
export interface GradingRow {
  kind: string;
  name: string;
  count: number;
  graded: number;
  mae: number | null;
  baseline_mae: number | null;
  hits: number | null;
  misses: number | null;
  hit_rate: number | null;
}

export const gradingColumns: Columns<GradingRow> = {
  kind: "STRING",
  name: "STRING",
  count: "INT32",
  graded: "INT32",
  mae: "DOUBLE",
  baseline_mae: "DOUBLE",
  hits: "INT32",
  misses: "INT32",
  hit_rate: "DOUBLE",
};

/** The record as a table. */
export function gradingRows({ predictions, months, bookmakers }: GradingRecord): GradingRow[] {
  const ofPredictions = (kind: string, name: string, record: PredictionRecord): GradingRow => ({
    ...{ kind, name, count: record.predictions, graded: record.graded },
    ...{ mae: record.mae, baseline_mae: record.baselineMae, hits: null, misses: null, hit_rate: null },
  });
  return [
    ofPredictions("predictions", "all", predictions),
    ...months.map((month) => ofPredictions("month", month.month, month)),
    ...bookmakers.map(({ bookmaker, lines, graded, meanAbsoluteError, hits, misses, hitRate }) => ({
      ...{ kind: "bookmaker", name: bookmaker, count: lines, graded },
      ...{ mae: rounded(meanAbsoluteError), baseline_mae: null, hits, misses, hit_rate: hitRate },
    })),
  ];
}

/** Why there is no record; undefined when there is one. */
export function gradingHalt({ predictions, bookmakers }: GradingRecord): string | undefined {
  if (predictions.graded > 0 || bookmakers.some(({ graded }) => graded > 0)) return undefined;
  return "nothing has been graded yet: neither a prediction nor a line has an outcome";
}

function recordOf(rows: readonly GradedPrediction[]): PredictionRecord {
  const grade = gradePredictions(rows.map(({ baseline, ...row }) => ({ ...row, seasonAverage: baseline })));
  return {
    predictions: grade.predictions,
    graded: grade.graded,
    withoutActual: grade.withoutActual,
    mae: rounded(grade.modelError?.mae ?? null),
    baselineMae: rounded(grade.averageError?.mae ?? null),
    improvement: grade.improvement === null ? null : Math.round(1000 * grade.improvement) / 1000,
  };
}
