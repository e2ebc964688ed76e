import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { solvePositiveDefinite } from "./cholesky.ts";

const matrix = (...rows: number[][]) => rows.map((row) => Float64Array.from(row));

describe("the solution of a positive definite system", () => {
  it("is that of an example worked by hand", () => {
    // The textbook's matrix, with the factor (2; 6 1; -8 5 3).
    const given = matrix([4, 12, -16], [12, 37, -43], [-16, -43, 98]);
    const solution = solvePositiveDefinite(given, Float64Array.from([0, 6, 39]));
    expect([...(solution ?? [])].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([1, 1, 1]);
  });

  it("does not exist when a row is a multiple of another, or the matrix is not positive", () => {
    expect(solvePositiveDefinite(matrix([1, 2], [2, 4]), Float64Array.from([1, 2]))).toBeUndefined();
    expect(solvePositiveDefinite(matrix([-1]), Float64Array.from([1]))).toBeUndefined();
    expect(solvePositiveDefinite(matrix([0]), Float64Array.from([0]))).toBeUndefined();
  });

  it("is empty for no equations", () => {
    expect(solvePositiveDefinite([], new Float64Array(0))).toEqual(new Float64Array(0));
  });

  it("satisfies the equations", () => {
    const number = fc.integer({ min: -50, max: 50 });
    const square = fc.integer({ min: 1, max: 6 }).chain((size) =>
      fc.array(fc.array(number, { minLength: size, maxLength: size }), {
        minLength: size,
        maxLength: size,
      }),
    );
    fc.assert(
      fc.property(square, (rows) => {
        // A · Aᵀ + 1 is positive definite whatever A is.
        const given = rows.map((left, at) =>
          Float64Array.from(rows, (right, column) =>
            left.reduce((sum, value, place) => sum + value * (right[place] ?? 0), at === column ? 1 : 0),
          ),
        );
        const wanted = rows.map((row) => row[0] ?? 0);
        const solution = solvePositiveDefinite(given, Float64Array.from(wanted));
        for (const [at, row] of given.entries()) {
          const left = row.reduce(
            (sum, value, column) => sum + value * (solution?.[column] ?? Number.NaN),
            0,
          );
          expect(left).toBeCloseTo(wanted[at] ?? 0, 5);
        }
      }),
    );
  });
});
