// A linear model, its predictions, and how far they are off.

/** A prediction: intercept + Σ coefficient · feature, with the features in their own units. */
export interface LinearModel {
  readonly coefficients: Readonly<Record<string, number>>;
  readonly intercept: number;
}

/** In the target's unit; `mae` is the mean absolute error, `rmse` the root of the mean squared one. */
export interface ModelError {
  readonly mae: number;
  readonly rmse: number;
}

/** The model's prediction for a row. Throws RangeError when one of the model's features is not a finite number. */
export function predict(model: LinearModel, row: object): number {
  let sum = model.intercept;
  for (const [feature, coefficient] of Object.entries(model.coefficients)) {
    sum += coefficient * numberIn(row, feature);
  }
  return sum;
}

/** The number that a row has under a name. Throws RangeError when it is missing, null or not finite. */
export function numberIn(row: object, name: string): number {
  const value: unknown = Reflect.get(row, name);
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new RangeError(`"${name}" is ${String(value)}, not a finite number, in ${JSON.stringify(row)}`);
}

/** The error of pairs of a prediction and what came of it. Throws RangeError when there are none. */
export function errorOf(pairs: readonly { predicted: number; actual: number }[]): ModelError {
  if (pairs.length === 0) throw new RangeError("there is nothing to compare");
  let absolute = 0;
  let squared = 0;
  for (const { predicted, actual } of pairs) {
    absolute += Math.abs(predicted - actual);
    squared += (predicted - actual) ** 2;
  }
  return { mae: absolute / pairs.length, rmse: Math.sqrt(squared / pairs.length) };
}
