// Tests of release: which statuses satisfy an edge, and when all edges together release an output.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Edge, isReleasable, isSatisfied } from "./release.ts";
import { LEDGER_STATUSES, type LedgerStatus } from "./states.ts";

const anEdge: fc.Arbitrary<Edge> = fc.record({
  need: fc.nat(2),
  option: fc.nat(1),
  mode: fc.constantFrom("required" as const, "optional" as const),
  acceptsDegraded: fc.boolean(),
  upstream: fc.constantFrom(...LEDGER_STATUSES),
});
const edges = fc.array(anEdge, { maxLength: 8 });

const required = (upstream: LedgerStatus, more: Partial<Edge> = {}): Edge => ({
  need: 0,
  option: 0,
  mode: "required",
  acceptsDegraded: false,
  upstream,
  ...more,
});

describe("an edge", () => {
  const satisfying = (more: Partial<Edge>) =>
    LEDGER_STATUSES.filter((status) => isSatisfied(required(status, more)));

  test("that is required is satisfied by complete and empty, and by what was waived", () => {
    expect(satisfying({})).toEqual(["complete", "empty", "waived"]);
  });

  test("that accepts degraded is satisfied by it too, but not by failure", () => {
    expect(satisfying({ acceptsDegraded: true })).toEqual(["complete", "empty", "degraded", "waived"]);
  });

  test("that is optional is satisfied by anything but expected", () => {
    expect(satisfying({ mode: "optional" })).toEqual(["complete", "empty", "degraded", "failed", "waived"]);
  });
});

describe("an output", () => {
  test("that needs nothing may run", () => {
    expect(isReleasable([])).toBe(true);
  });

  test("waits for the last of its needs", () => {
    expect(isReleasable([required("complete"), required("expected", { need: 1 })])).toBe(false);
    expect(isReleasable([required("complete"), required("empty", { need: 1 })])).toBe(true);
  });

  test("waits for every partition of one need: all the games of a day", () => {
    expect(isReleasable([required("complete"), required("complete"), required("expected")])).toBe(false);
  });

  test("may run on either source of anyOf", () => {
    expect(isReleasable([required("failed"), required("complete", { option: 1 })])).toBe(true);
    expect(isReleasable([required("complete"), required("expected", { option: 1 })])).toBe(true);
    expect(isReleasable([required("failed"), required("expected", { option: 1 })])).toBe(false);
  });

  test("doesn't piece one whole together from the halves of two alternatives", () => {
    const halves = [
      required("complete"),
      required("failed"),
      required("failed", { option: 1 }),
      required("complete", { option: 1 }),
    ];
    expect(isReleasable(halves)).toBe(false);
  });

  test("isn't released by one need's alternative on behalf of another need", () => {
    expect(isReleasable([required("failed"), required("complete", { need: 1, option: 1 })])).toBe(false);
  });
});

describe("whatever the edges", () => {
  test("their order doesn't matter", () => {
    const shuffled = edges.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        expect(isReleasable(other)).toBe(isReleasable(list));
      }),
    );
  });

  test("an unsatisfied required edge more never releases an output", () => {
    const unsatisfied = anEdge.filter((edge) => edge.mode === "required" && !isSatisfied(edge));
    fc.assert(
      fc.property(edges, unsatisfied, (list, edge) => {
        expect(isReleasable([...list, edge]) && !isReleasable(list)).toBe(false);
      }),
    );
  });

  test("an unsatisfied edge of a need of its own holds the output back", () => {
    fc.assert(
      fc.property(edges, (list) => {
        expect(isReleasable([...list, required("expected", { need: 99 })])).toBe(false);
      }),
    );
  });

  test("an output with one alternative for each need may run exactly when all its edges are satisfied", () => {
    const single = edges.map((list) => list.map((edge) => ({ ...edge, option: 0 })));
    fc.assert(
      fc.property(single, (list) => {
        expect(isReleasable(list)).toBe(list.every(isSatisfied));
      }),
    );
  });

  test("an output that may run still may when one more upstream completes", () => {
    fc.assert(
      fc.property(edges, fc.nat(7), (list, index) => {
        const after = list.map((edge, at) =>
          at === index ? { ...edge, upstream: "complete" as const } : edge,
        );
        expect(isReleasable(list) && !isReleasable(after)).toBe(false);
      }),
    );
  });

  test("when everything has settled well, every output may run", () => {
    fc.assert(
      fc.property(edges, (list) => {
        expect(isReleasable(list.map((edge) => ({ ...edge, upstream: "complete" as const })))).toBe(true);
      }),
    );
  });
});
