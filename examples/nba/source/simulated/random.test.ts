import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomOf } from "./random.ts";

const draw = (count: number, ...labels: (string | number)[]) => {
  const random = randomOf(...labels);
  return Array.from({ length: count }, () => random.next());
};

describe("seeded randomness", () => {
  it("gives the same numbers for the same labels, and others for others", () => {
    expect(draw(5, 1, "game", "0022500001")).toEqual(draw(5, 1, "game", "0022500001"));
    expect(draw(5, 1, "game", "0022500001")).not.toEqual(draw(5, 2, "game", "0022500001"));
    expect(draw(5, 1, "ab", "c")).not.toEqual(draw(5, 1, "a", "bc"));
  });

  it("gives these numbers on every machine", () => {
    expect(draw(3, 1, "example")).toMatchInlineSnapshot(`
      [
        0.6359461161773652,
        0.4008123208768666,
        0.5625256658531725,
      ]
    `);
  });

  it("stays within its bounds and is evenly spread", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 100 }), (seed, max) => {
        const random = randomOf(seed);
        const drawn = Array.from({ length: 200 }, () => random.between(1, max));
        expect(drawn.every((value) => Number.isInteger(value) && value >= 1 && value <= max)).toBe(true);
      }),
    );
    const mean = draw(20_000, "mean").reduce((sum, value) => sum + value, 0) / 20_000;
    expect(mean).toBeCloseTo(0.5, 1);
  });

  it("shuffles without losing or doubling anything", () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.integer()), (seed, items) => {
        const shuffled = randomOf(seed).shuffled(items);
        expect(shuffled.toSorted((a, b) => a - b)).toEqual(items.toSorted((a, b) => a - b));
      }),
    );
  });

  it("picks by weight, and never what weighs nothing", () => {
    const random = randomOf("weights");
    const picked = Array.from({ length: 1_000 }, () =>
      random.weighted(["never", "seldom", "often"], (item) => WEIGHTS[item] ?? 0),
    );
    const count = (item: string) => picked.filter((one) => one === item).length;
    expect(count("never")).toBe(0);
    expect(count("often")).toBeGreaterThan(count("seldom"));
    expect(count("seldom")).toBeGreaterThan(0);
  });

  it("refuses to pick from nothing", () => {
    expect(() => randomOf("nothing").pick([])).toThrow("the list is empty");
  });
});

const WEIGHTS: Readonly<Record<string, number>> = { never: 0, seldom: 1, often: 9 };
