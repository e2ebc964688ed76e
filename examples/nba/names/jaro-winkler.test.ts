import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jaroWinkler } from "./jaro-winkler.ts";

describe("the Jaro–Winkler similarity", () => {
  // The examples of Winkler's paper.
  it.each([
    ["martha", "marhta", 0.961],
    ["dixon", "dicksonx", 0.813],
    ["dwayne", "duane", 0.84],
    ["jones", "johnson", 0.832],
    ["abroms", "abrams", 0.922],
  ])("of %s and %s is %d", (left, right, expected) => {
    expect(jaroWinkler(left, right)).toBeCloseTo(expected, 3);
  });

  it("is 1 for the same word and 0 for words without a common letter", () => {
    expect([jaroWinkler("", ""), jaroWinkler("abc", "abc")]).toEqual([1, 1]);
    expect([jaroWinkler("abc", "xyz"), jaroWinkler("", "abc")]).toEqual([0, 0]);
  });

  it("is symmetric, and between 0 and 1", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "c", "d"), maxLength: 10 });
    fc.assert(
      fc.property(word, word, (left, right) => {
        const similarity = jaroWinkler(left, right);
        expect(similarity).toBeCloseTo(jaroWinkler(right, left), 12);
        expect(similarity).toBeGreaterThanOrEqual(0);
        expect(similarity).toBeLessThanOrEqual(1);
      }),
    );
  });
});
