// Solves a symmetric positive definite system of equations by Cholesky's decomposition.

/** A pivot smaller than this share of its diagonal is a rounding error: the columns are not independent. */
const SMALLEST_PIVOT = 1e-10;

/**
 * The solution x of `matrix · x = right`, or undefined when the matrix is not positive definite, as with
 * columns of which one is the sum of others. Only the lower triangle is read; nothing is changed.
 */
export function solvePositiveDefinite(
  matrix: readonly Float64Array[],
  right: Float64Array,
): Float64Array | undefined {
  const factor = decompose(matrix);
  return factor && substituteBack(factor, substituteForward(factor, right));
}

/** The lower triangle L with L · Lᵀ = matrix. */
function decompose(matrix: readonly Float64Array[]): Float64Array[] | undefined {
  const factor: Float64Array[] = [];
  for (const [at, given] of matrix.entries()) {
    const row = new Float64Array(matrix.length);
    factor.push(row);
    for (const [column, above] of factor.entries()) {
      const rest = (given[column] ?? 0) - dot(row, above, column);
      if (column < at) row[column] = rest / (above[column] ?? 0);
      else if (rest > SMALLEST_PIVOT * (given[at] ?? 0)) row[at] = Math.sqrt(rest);
      else return undefined;
    }
  }
  return factor;
}

function substituteForward(factor: readonly Float64Array[], right: Float64Array): Float64Array {
  const solved = new Float64Array(right.length);
  for (const [at, row] of factor.entries()) {
    solved[at] = ((right[at] ?? 0) - dot(row, solved, at)) / (row[at] ?? 0);
  }
  return solved;
}

function substituteBack(factor: readonly Float64Array[], right: Float64Array): Float64Array {
  const solved = Float64Array.from(right);
  for (const [at, row] of [...factor.entries()].reverse()) {
    const value = (solved[at] ?? 0) / (row[at] ?? 0);
    solved[at] = value;
    for (let column = 0; column < at; column += 1) {
      solved[column] = (solved[column] ?? 0) - (row[column] ?? 0) * value;
    }
  }
  return solved;
}

function dot(left: Float64Array, right: Float64Array, length: number): number {
  let sum = 0;
  for (let at = 0; at < length; at += 1) sum += (left[at] ?? 0) * (right[at] ?? 0);
  return sum;
}
