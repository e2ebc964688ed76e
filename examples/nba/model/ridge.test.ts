import fc from "fast-check";
import { addDays } from "headworks-example-kit/days.ts";
import { describe, expect, it } from "vitest";
import { randomOf } from "../source/simulated/random.ts";
import { predict } from "./linear-model.ts";
import { fitRidge } from "./ridge.ts";

const day = (at: number) => addDays("2024-01-01", at);

/** Rows of a known model, 5 + 2a − 3b, with some noise. */
function knownRows(count: number, noise: number, seed = 1) {
  const random = randomOf(seed);
  return Array.from({ length: count }, (_, at) => {
    const a = random.normal(20, 8);
    const b = random.normal(-4, 0.5);
    return { date: day(Math.floor(at / 5)), a, b, y: 5 + 2 * a - 3 * b + random.normal(0, noise) };
  });
}
const known = { features: ["a", "b"], target: "y" } as const;

describe("a ridge regression", () => {
  it("of one feature is the closed form: Σzy / (Σz² + λ), in the feature's own unit", () => {
    const rows = [1, 2, 3, 4].map((x, at) => ({ date: day(at), x, y: [2, 4, 5, 9][at] ?? 0 }));
    const model = fitRidge({ rows, features: ["x"], target: "y", lambdas: [4] });
    // z = (x − 2.5) / √1.25, so Σz² = 4 and Σz(y − 5) = 11 / √1.25; half of it is left by a penalty of 4.
    expect(model.coefficients.x).toBeCloseTo(11 / 1.25 / 8, 12);
    expect(model.intercept).toBeCloseTo(5 - 1.1 * 2.5, 12);
  });

  it("without a penalty is the least squares", () => {
    const rows = [1, 2, 3, 4].map((x, at) => ({ date: day(at), x, y: [2, 4, 5, 9][at] ?? 0 }));
    const model = fitRidge({ rows, features: ["x"], target: "y", lambdas: [0] });
    // Slope Σ(x − x̄)(y − ȳ) / Σ(x − x̄)² = 11 / 5, intercept ȳ − slope · x̄.
    expect(model.coefficients.x).toBeCloseTo(2.2, 12);
    expect(model.intercept).toBeCloseTo(-0.5, 12);
  });

  it("comes to the least squares as the penalty goes to 0", () => {
    const rows = knownRows(50, 3);
    const least = fitRidge({ rows, ...known, lambdas: [0] });
    const distances = [100, 1, 0.01, 0.0001].map((lambda) => {
      const { coefficients } = fitRidge({ rows, ...known, lambdas: [lambda] });
      return Math.abs((coefficients.a ?? 0) - (least.coefficients.a ?? 0));
    });
    expect(distances).toEqual(distances.toSorted((x, y) => y - x));
    expect(distances.at(-1)).toBeLessThan(1e-5);
  });

  it("does not penalize the intercept: a penalty without bounds leaves the mean", () => {
    const rows = knownRows(50, 3);
    const model = fitRidge({ rows, ...known, lambdas: [1e12] });
    const mean = rows.reduce((sum, { y }) => sum + y, 0) / rows.length;
    expect(predict(model, { a: 1000, b: 1000 })).toBeCloseTo(mean, 3);
  });

  it("finds a known linear model again", () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: -5, max: 5, noNaN: true }), (seed, slope) => {
        const rows = knownRows(60, 0, seed).map((row) => ({ ...row, y: slope * row.a + row.b - 7 }));
        const model = fitRidge({ rows, ...known, lambdas: [0, 1, 10] });
        expect(model.lambda).toBe(0);
        expect(model.coefficients.a).toBeCloseTo(slope, 7);
        expect(model.coefficients.b).toBeCloseTo(1, 7);
        expect(model.intercept).toBeCloseTo(-7, 6);
        expect(model.error.mae).toBeCloseTo(0, 7);
      }),
      { numRuns: 30 },
    );
  });

  it("is near the truth through noise, and says how far it is off", () => {
    const model = fitRidge({ rows: knownRows(5_000, 3), ...known, lambdas: [0, 1, 10, 100] });
    expect(model.coefficients.a).toBeCloseTo(2, 1);
    expect(Math.abs((model.coefficients.b ?? 0) + 3)).toBeLessThan(0.3);
    expect(model.error.rmse).toBeCloseTo(3, 0);
  });

  it("is the same, to the last digit, whatever the order of the rows", () => {
    const rows = knownRows(60, 3);
    const model = fitRidge({ rows, ...known, lambdas: [0, 1, 10] });
    fc.assert(
      fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (shuffled) => {
        expect(fitRidge({ rows: shuffled, ...known, lambdas: [0, 1, 10] })).toEqual(model);
      }),
      { numRuns: 20 },
    );
  });
});

describe("the validation of a ridge regression", () => {
  it("compares the penalties on the last days alone, which the compared models have not seen", () => {
    const rows = knownRows(100, 1);
    // From the 17th of the twenty days on, nothing is as it was.
    const broken = rows.map((row) => (row.date < day(16) ? row : { ...row, y: 1_000 }));
    const model = fitRidge({ rows: broken, ...known, lambdas: [0.5] });
    expect(model.validation).toEqual({ from: day(16), rows: 20 });
    expect(model.error.mae).toBeGreaterThan(900);
    expect([model.rows, model.range]).toEqual([100, { from: day(0), to: day(19) }]);
  });

  it("takes the penalty of the smallest error, and the largest of equal ones", () => {
    const noise = randomOf("noise");
    const rows = knownRows(40, 5).map((row) => ({ ...row, y: noise.normal(0, 5) }));
    const model = fitRidge({ rows, ...known, lambdas: [0, 10, 1_000_000] });
    const errors = model.trials.map(({ error }) => error?.rmse ?? Number.NaN);
    expect(model.error.rmse).toBe(Math.min(...errors));
    const constant = rows.map((row) => ({ ...row, y: 3 }));
    expect(fitRidge({ rows: constant, ...known, lambdas: [0, 1, 10, 2] }).lambda).toBe(10);
  });

  it("leaves out a penalty of 0 when one feature is the sum of others", () => {
    const rows = knownRows(40, 1).map((row) => ({ ...row, sum: row.a + row.b }));
    const input = { rows, features: ["a", "b", "sum"], target: "y" } as const;
    const model = fitRidge({ ...input, lambdas: [0, 1] });
    expect(model.lambda).toBe(1);
    expect(model.trials[0]).toEqual({ lambda: 0, error: null });
    expect(() => fitRidge({ ...input, lambdas: [0] })).toThrow(/add one above 0/);
  });

  it("gives a feature that never varies no weight", () => {
    const rows = knownRows(40, 0).map((row) => ({ ...row, same: 0.1 }));
    const model = fitRidge({ rows, features: ["a", "b", "same"], target: "y", lambdas: [0] });
    expect(model.coefficients.same).toBe(0);
    expect(model.coefficients.a).toBeCloseTo(2, 7);
  });

  it("stays sound with features of very different sizes", () => {
    const rows = knownRows(40, 0).map((row) => ({ ...row, a: 1e9 + row.a * 1e3, b: row.b * 1e-9 }));
    const model = fitRidge({ rows, ...known, lambdas: [0] });
    expect(model.coefficients.a).toBeCloseTo(2e-3, 8);
    expect((model.coefficients.b ?? 0) * 1e-9).toBeCloseTo(-3, 5);
  });

  it.each([
    ["no rows", [], /two days or more/],
    ["one day", [{ date: day(0), x: 1, y: 1 }], /two days or more are needed, not of 1/],
    ["a missing value", [{ date: day(0), x: Number.NaN, y: 1 }], /"x" is NaN, not a finite number/],
  ])("refuses %s", (_, rows, message) => {
    expect(() => fitRidge({ rows, features: ["x"], target: "y", lambdas: [1] })).toThrow(message);
  });

  it("refuses a penalty below 0", () => {
    expect(() => fitRidge({ rows: knownRows(9, 1), ...known, lambdas: [-1] })).toThrow(/0 or more/);
  });
});

describe("a prediction", () => {
  it("is the intercept and the weighted features", () => {
    expect(predict({ intercept: 1, coefficients: { a: 2, b: -1 } }, { a: 3, b: 4, other: "x" })).toBe(3);
  });

  it("is refused when a feature is missing", () => {
    expect(() => predict({ intercept: 1, coefficients: { a: 2 } }, { a: null })).toThrow(/"a" is null/);
  });
});
