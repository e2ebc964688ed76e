import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gradePredictions } from "./grading.ts";

describe("the grade of predictions", () => {
  it("compares model and season average on the same games", () => {
    const grade = gradePredictions([
      { predicted: 20, seasonAverage: 24, actual: 22 },
      { predicted: 30, seasonAverage: 26, actual: 34 },
      { predicted: 10, seasonAverage: null, actual: 20 },
      { predicted: 15, seasonAverage: 15, actual: null },
    ]);
    expect(grade).toEqual({
      predictions: 4,
      graded: 3,
      withoutActual: 1,
      error: { mae: 16 / 3, rmse: Math.sqrt(120 / 3) },
      compared: 2,
      withoutAverage: 1,
      modelError: { mae: 3, rmse: Math.sqrt(10) },
      averageError: { mae: 5, rmse: Math.sqrt(34) },
      improvement: 1 - 3 / 5,
    });
  });

  it("has no errors when nothing is graded, and no improvement over an average that is never off", () => {
    const none = { error: null, modelError: null, averageError: null, improvement: null };
    expect(gradePredictions([])).toMatchObject({ predictions: 0, graded: 0, ...none });
    const perfect = gradePredictions([{ predicted: 1, seasonAverage: 2, actual: 2 }]);
    expect(perfect).toMatchObject({ averageError: { mae: 0 }, improvement: null });
  });

  it("counts every prediction once", () => {
    const value = fc.option(fc.integer({ min: 0, max: 60 }));
    const prediction = fc.record({ predicted: fc.integer(), seasonAverage: value, actual: value });
    fc.assert(
      fc.property(fc.array(prediction), (predictions) => {
        const grade = gradePredictions(predictions);
        expect(grade.graded + grade.withoutActual).toBe(predictions.length);
        expect(grade.compared + grade.withoutAverage).toBe(grade.graded);
      }),
    );
  });
});
