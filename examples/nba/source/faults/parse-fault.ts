// The faults of this source: those of the kit, with what they do to its answers, and one of its own.

import { changedPage } from "headworks-example-kit/faults/changed-page.ts";
import { duplicate } from "headworks-example-kit/faults/duplicate.ts";
import type { Changes, Fault, FaultKind } from "headworks-example-kit/faults/fault.ts";
import { garbage } from "headworks-example-kit/faults/garbage.ts";
import { hang } from "headworks-example-kit/faults/hang.ts";
import { late } from "headworks-example-kit/faults/late.ts";
import { outage } from "headworks-example-kit/faults/outage.ts";
import { parseFault as parse } from "headworks-example-kit/faults/parse-fault.ts";
import { partial } from "headworks-example-kit/faults/partial.ts";
import { rateLimit } from "headworks-example-kit/faults/rate-limit.ts";
import { slow } from "headworks-example-kit/faults/slow.ts";
import { disagree } from "./disagree.ts";
import { NEW_SHAPES } from "./new-shapes.ts";
import { NOT_YET } from "./not-yet.ts";
import { LISTED, rewriteBoxScore, rewriteItems } from "./rewrite.ts";

const doubleItems: Changes[string] = (answer, request) => rewriteItems(request, answer, twice);

const DOUBLINGS: Changes = {
  "box-scores": (answer) => rewriteBoxScore(answer, (box) => ({ ...box, players: twice(box.players) })),
  "games-log": doubleItems,
  "prop-lines": doubleItems,
};

const toAThird: Changes[string] = (answer, request) =>
  rewriteItems(request, answer, (items) => items.slice(0, Math.floor(items.length / 3)));

/** All kinds, outermost first. */
export const FAULT_KINDS: readonly FaultKind[] = [
  slow,
  rateLimit,
  hang,
  outage,
  garbage,
  changedPage(NEW_SHAPES),
  duplicate(DOUBLINGS),
  late(NOT_YET),
  partial(Object.fromEntries(LISTED.map((resource) => [resource, toAThird]))),
  disagree,
];

/** The fault of a spec. Throws an Error that says what is wrong with it, and how to write it. */
export function parseFault(spec: string): Fault {
  return parse(FAULT_KINDS, spec);
}

function twice<T>(lines: readonly T[]): T[] {
  return lines.flatMap((line) => [line, line]);
}
