import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gradeLines, type PropLine, profitOf } from "./grading-lines.ts";

const line = (more: Partial<PropLine>): PropLine => ({
  bookmaker: "Book",
  line: 20.5,
  overPrice: -125,
  underPrice: 110,
  predicted: 25,
  actual: 22,
  ...more,
});

describe("the grade of a bookmaker's lines", () => {
  it("says how often each side won, what it returned, and how often the model picked it", () => {
    const [grade] = gradeLines([
      line({ actual: 22 }),
      line({ actual: 30, predicted: 10 }),
      line({ actual: 12 }),
      line({ line: 20, actual: 20 }),
      line({ actual: null }),
    ]);
    expect(grade).toEqual({
      bookmaker: "Book",
      lines: 5,
      graded: 4,
      withoutActual: 1,
      pushes: 1,
      over: { won: 2, hitRate: 2 / 3, withoutPrice: 0, meanReturn: (0.8 + 0.8 - 1 + 0) / 4 },
      under: { won: 1, hitRate: 1 / 3, withoutPrice: 0, meanReturn: (-1 - 1 + 1.1 + 0) / 4 },
      meanAbsoluteError: (1.5 + 9.5 + 8.5 + 0) / 4,
      hits: 1,
      misses: 2,
      pickPushes: 1,
      withoutPick: 0,
      hitRate: 1 / 3,
    });
  });

  it("counts a line without a price for the hit rate, but not for the return", () => {
    const [grade] = gradeLines([line({ overPrice: null }), line({ overPrice: 100, actual: 10 })]);
    expect(grade?.over).toEqual({ won: 1, hitRate: 1 / 2, withoutPrice: 1, meanReturn: -1 });
  });

  it("has no pick without a prediction, or with one that is the line", () => {
    const [grade] = gradeLines([line({ predicted: null }), line({ line: 20, predicted: 20 })]);
    expect(grade).toMatchObject({ hits: 0, misses: 0, withoutPick: 2, hitRate: null });
  });

  it("has no rates when every line pushes or none is graded", () => {
    const nothing = { hitRate: null, won: 0 };
    expect(gradeLines([line({ line: 20, actual: 20 })])[0]).toMatchObject({ pushes: 1, over: nothing });
    expect(gradeLines([line({ actual: null })])[0]).toMatchObject({ graded: 0, meanAbsoluteError: null });
    expect(gradeLines([])).toEqual([]);
  });

  it("is one for each bookmaker, in the order of the alphabet", () => {
    const grades = gradeLines([line({ bookmaker: "B" }), line({ bookmaker: "A" }), line({ bookmaker: "B" })]);
    expect(grades.map(({ bookmaker, lines }) => [bookmaker, lines])).toEqual([
      ["A", 1],
      ["B", 2],
    ]);
  });

  it("counts every line once", () => {
    const value = fc.integer({ min: 18, max: 22 });
    const price = fc.constantFrom(null, -110, 100, 250);
    const some = fc.record({
      bookmaker: fc.constantFrom("A", "B"),
      line: fc.constantFrom(19.5, 20, 20.5),
      overPrice: price,
      underPrice: price,
      predicted: fc.option(value),
      actual: fc.option(value),
    });
    fc.assert(
      fc.property(fc.array(some), (lines) => {
        const grades = gradeLines(lines);
        expect(grades.reduce((sum, grade) => sum + grade.lines, 0)).toBe(lines.length);
        for (const grade of grades) {
          expect(grade.graded + grade.withoutActual).toBe(grade.lines);
          expect(grade.over.won + grade.under.won + grade.pushes).toBe(grade.graded);
          expect(grade.hits + grade.misses + grade.pickPushes + grade.withoutPick).toBe(grade.graded);
        }
      }),
    );
  });
});

describe("the profit at American odds", () => {
  it.each([
    [-125, 0.8],
    [100, 1],
    [-100, 1],
    [110, 1.1],
  ])("of one unit at %d is %d", (price, profit) => {
    expect(profitOf(price)).toBeCloseTo(profit, 12);
  });

  it("is refused for what is no American price", () => {
    expect(() => profitOf(1.91)).toThrow(/not 1.91/);
    expect(() => profitOf(0)).toThrow(RangeError);
  });
});
