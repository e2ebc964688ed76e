// Property tests of the sharing of a queue's slots by its lanes.

import fc from "fast-check";
import { expect, test } from "vitest";
import { grantLanes, type LaneState, LIVE } from "./lanes.ts";

const lane = (name: string) =>
  fc.record({
    name: fc.constant(name),
    weight: fc.integer({ min: 1, max: 9 }),
    ready: fc.nat(20),
    running: fc.nat(5),
    tokens: fc.option(fc.double({ min: 0, max: 20, noNaN: true })),
    pass: fc.double({ min: 0, max: 50, noNaN: true }),
  });
const lanes = fc.tuple(lane(LIVE), lane("backfill"), lane("batch"));
const busy = (name: string, weight: number): LaneState => ({
  ...{ name, weight, ready: 1_000, running: 0, tokens: null, pass: 0 },
});
const total = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0);

test("no lane gets more than it has work and tokens for, the others leave a slot to live, and no other slot is left free", () => {
  fc.assert(
    fc.property(lanes, fc.nat(30), fc.option(fc.integer({ min: 2, max: 20 })), (states, slots, most) => {
      const grants = grantLanes(states, slots, most);
      const could = states.map((each) => Math.min(each.ready, Math.floor(each.tokens ?? each.ready)));
      grants.forEach((grant, index) => {
        expect(grant.slots).toBeLessThanOrEqual(could[index] ?? 0);
      });
      const running = total(states.slice(1).map((each) => each.running));
      const shared = most === null ? Infinity : Math.max(0, most - 1 - running);
      const others = total(grants.slice(1).map((each) => each.slots));
      expect(others).toBeLessThanOrEqual(shared);
      const most1 = (could[0] ?? 0) + Math.min(shared, total(could.slice(1)));
      expect(total(grants.map((each) => each.slots))).toBe(Math.min(slots, most1));
    }),
  );
});

test("shares come to the weights, whether slots come one by one or many at once, and no lane starves", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 4 }),
      fc.integer({ min: 1, max: 7 }),
      (weights, atOnce) => {
        let states = weights.map((weight, index) => busy(`lane${index}`, weight));
        const given = weights.map(() => 0);
        const sum = total(weights);
        for (let claims = 0; claims < 20 * sum; claims += atOnce) {
          const grants = grantLanes(states, atOnce, null);
          states = states.map((state, index) => {
            const { slots = 0, start = 0 } = grants[index] ?? {};
            given[index] = (given[index] ?? 0) + slots;
            return slots === 0 ? state : { ...state, pass: start + slots / state.weight };
          });
        }
        weights.forEach((weight, index) => {
          const fair = (total(given) * weight) / sum;
          expect(Math.abs((given[index] ?? 0) - fair)).toBeLessThan(weights.length + 1);
        });
      },
    ),
  );
});

test("a lane that was idle saves nothing up", () => {
  const late = { ...busy(LIVE, 1), pass: 0 };
  const grants = grantLanes([late, { ...busy("backfill", 1), pass: 500 }], 10, null);
  // It begins where the last claim of the other began: one ahead.
  expect(grants.map((each) => each.slots)).toEqual([6, 4]);
});
