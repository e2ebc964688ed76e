// Brings features to mean 0 and deviation 1, and sums their products, so that one penalty suits them all.

/** What ridge regression needs of the data, whatever the penalty: sums over all rows, on standardized features. */
export interface NormalEquations {
  readonly means: Float64Array;
  /** Standard deviations; 0 for a feature that never varies, which is left out of the sums. */
  readonly deviations: Float64Array;
  readonly targetMean: number;
  /** Zᵀ·Z, its lower triangle. */
  readonly products: readonly Float64Array[];
  /** Zᵀ·(y − mean of y). */
  readonly moments: Float64Array;
}

/** A deviation below this share of the mean is rounding, not variation. */
const SMALLEST_DEVIATION = 1e-12;

/** The sums over rows (each as many numbers as features) and their targets. At least one row is needed. */
export function normalEquations(rows: readonly Float64Array[], targets: Float64Array): NormalEquations {
  const count = rows[0]?.length ?? 0;
  const means = new Float64Array(count);
  for (const row of rows) addTo(means, row, 1 / rows.length);
  const deviations = deviationsOf(rows, means);
  const targetMean = targets.reduce((sum, target) => sum + target / targets.length, 0);
  const products = Array.from({ length: count }, () => new Float64Array(count));
  const moments = new Float64Array(count);
  for (const [at, row] of rows.entries()) {
    const z = row.map((value, feature) => standard(value, means[feature], deviations[feature]));
    addTo(moments, z, (targets[at] ?? 0) - targetMean);
    for (const [feature, sums] of products.entries()) addTo(sums, z, z[feature] ?? 0, feature + 1);
  }
  return { means, deviations, targetMean, products, moments };
}

// Two passes, mean first: a sum of squares less a squared mean loses the digits that matter.
function deviationsOf(rows: readonly Float64Array[], means: Float64Array): Float64Array {
  const variances = new Float64Array(means.length);
  for (const row of rows) {
    const squares = row.map((value, feature) => (value - (means[feature] ?? 0)) ** 2);
    addTo(variances, squares, 1 / rows.length);
  }
  return variances.map((variance, feature) => {
    const deviation = Math.sqrt(variance);
    return deviation > SMALLEST_DEVIATION * Math.abs(means[feature] ?? 0) ? deviation : 0;
  });
}

function standard(value: number, mean = 0, deviation = 0): number {
  return deviation === 0 ? 0 : (value - mean) / deviation;
}

function addTo(sums: Float64Array, values: Float64Array, factor: number, length = sums.length): void {
  for (let at = 0; at < length; at += 1) sums[at] = (sums[at] ?? 0) + factor * (values[at] ?? 0);
}
