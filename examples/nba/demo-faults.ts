// The faults of the demo: what each does, and how many answers it has spoiled.

import { type DemoFault, demoFault } from "headworks-example-kit/demo/demo-fault.ts";
import { parseFault } from "./source/faults/parse-fault.ts";

const EFFECTS: Readonly<Record<string, string>> = {
  late: "some box scores, plays, logs and lines are not complete at first",
  outage: "the first requests about these days are refused",
  partial: "some answers lack a part at first",
  "changed-page": "the first answers about these days have another shape",
  "rate-limit": "requests above a rate are refused",
  slow: "answers take their time",
  garbage: "the first answers about these days are rubbish",
  duplicate: "answers about these days have every line twice",
  disagree: "the second schedule differs, and stays so",
  hang: "the first requests about these days are never answered",
};

/** Reads the specs of faults. Throws an Error that says what is wrong with one. */
export function demoFaults(specs: readonly string[]): DemoFault[] {
  return specs.map((spec) => demoFault(parseFault(spec), EFFECTS));
}
