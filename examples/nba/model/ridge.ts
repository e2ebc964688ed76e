// Ridge regression by normal equations; the penalty is the one that predicts the last part of the data best.

import { solvePositiveDefinite } from "./cholesky.ts";
import { errorOf, type LinearModel, type ModelError } from "./linear-model.ts";
import { type DatedRow, type Sample, samplesOf, validationStart } from "./samples.ts";
import { type NormalEquations, normalEquations } from "./standardize.ts";

/** How one penalty did on the validation rows; `error` is null when its equations have no single solution. */
export interface Trial {
  readonly lambda: number;
  readonly error: ModelError | null;
}

/** A fitted model, with all that a reader needs to judge it. */
export interface RidgeModel extends LinearModel {
  readonly lambda: number;
  /** First and last day of the rows. */
  readonly range: { readonly from: string; readonly to: string };
  readonly rows: number;
  /** On the rows from `from` on, by a model that was fitted only on earlier ones. */
  readonly validation: { readonly from: string; readonly rows: number };
  readonly error: ModelError;
  readonly trials: readonly Trial[];
}

export interface RidgeInput<Row extends DatedRow> {
  readonly rows: readonly Row[];
  readonly features: readonly (keyof Row & string)[];
  readonly target: keyof Row & string;
  /** Penalties on the standardized coefficients, 0 or more; of equally good ones the largest is taken. */
  readonly lambdas: readonly number[];
  /** The share of the days, at the end, on which the penalties are compared; 0.2 unless told. */
  readonly validationShare?: number;
}

/**
 * Fits a model on all rows, with the penalty chosen by time-ordered validation. The order of rows is of no
 * account. Throws RangeError when a value is not a finite number, when the rows are of fewer than two days,
 * or when no penalty gives a solution (0 does not with features of which one is a sum of others).
 */
export function fitRidge<Row extends DatedRow>(input: RidgeInput<Row>): RidgeModel {
  const { features, lambdas, validationShare = 0.2 } = input;
  if (lambdas.some((lambda) => !(lambda >= 0))) throw new RangeError("a penalty must be 0 or more");
  const samples = samplesOf(input.rows, features, input.target);
  const from = validationStart(samples, validationShare);
  const validation = samples.filter(({ date }) => date >= from);
  const earlier = equationsOf(samples.filter(({ date }) => date < from));
  const trials = lambdas.map((lambda) => {
    const model = solve(earlier, lambda, features);
    return { lambda, error: model ? errorOn(validation, model, features) : null };
  });
  const { lambda, error } = bestOf(trials);
  const model = solve(equationsOf(samples), lambda, features);
  if (model === undefined) throw new RangeError(`the penalty ${lambda} gives no solution on all rows`);
  return {
    ...model,
    lambda,
    range: { from: samples[0]?.date ?? from, to: samples.at(-1)?.date ?? from },
    rows: samples.length,
    validation: { from, rows: validation.length },
    error,
    trials,
  };
}

// The smallest error decides; of equal ones the larger penalty, as it says less.
function bestOf(trials: readonly Trial[]): { lambda: number; error: ModelError } {
  const solved = trials.flatMap(({ lambda, error }) => (error === null ? [] : [{ lambda, error }]));
  const [best] = solved.sort((a, b) => a.error.rmse - b.error.rmse || b.lambda - a.lambda);
  if (best !== undefined) return best;
  throw new RangeError(
    "no penalty gives a solution: add one above 0, for features that depend on each other",
  );
}

function errorOn(samples: readonly Sample[], model: LinearModel, features: readonly string[]): ModelError {
  const factors = features.map((feature) => model.coefficients[feature] ?? 0);
  return errorOf(
    samples.map(({ values, target }) => {
      const predicted = factors.reduce(
        (sum, factor, at) => sum + factor * (values[at] ?? 0),
        model.intercept,
      );
      return { predicted, actual: target };
    }),
  );
}

function equationsOf(samples: readonly Sample[]): NormalEquations {
  const targets = Float64Array.from(samples, ({ target }) => target);
  return normalEquations(
    samples.map(({ values }) => values),
    targets,
  );
}

function solve(sums: NormalEquations, lambda: number, features: readonly string[]): LinearModel | undefined {
  const { means, deviations, targetMean, products, moments } = sums;
  const penalized = products.map((row, at) => {
    const copy = Float64Array.from(row);
    // A feature that never varies has a row of zeros: 1 instead makes its coefficient 0.
    copy[at] = deviations[at] === 0 ? 1 : (row[at] ?? 0) + lambda;
    return copy;
  });
  const solution = solvePositiveDefinite(penalized, moments);
  if (solution === undefined) return undefined;
  const raw = solution.map((value, at) => (deviations[at] === 0 ? 0 : value / (deviations[at] ?? 1)));
  const intercept = raw.reduce((rest, value, at) => rest - value * (means[at] ?? 0), targetMean);
  return { coefficients: Object.fromEntries(features.map((name, at) => [name, raw[at] ?? 0])), intercept };
}
