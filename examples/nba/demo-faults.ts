// The faults of the demo: what each does, and how many answers it has spoilt.

import type { Answer } from "./source/answer.ts";
import type { Fault } from "./source/faults/fault.ts";
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

/** A fault that is switched on. */
export interface DemoFault {
  fault: Fault;
  /** What it does, in words. */
  effect: string;
  /** How many answers it has changed, or kept back, so far. */
  spoilt(): number;
}

/** Reads the specs of faults. Throws an Error that says what is wrong with one. */
export function demoFaults(specs: readonly string[]): DemoFault[] {
  return specs.map((spec) => counted(parseFault(spec)));
}

function counted(fault: Fault): DemoFault {
  let spoilt = 0;
  return {
    effect: EFFECTS[fault.kind.name] ?? fault.kind.usage,
    spoilt: () => spoilt,
    fault: {
      ...fault,
      arm(surroundings) {
        const interfere = fault.arm(surroundings);
        return async (request, answer) => {
          let right: Answer | undefined;
          const given = await interfere(request, async () => {
            right = await answer();
            return right;
          });
          if (given !== right) spoilt += 1;
          return given;
        };
      },
    },
  };
}
