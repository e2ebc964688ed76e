// A fault of a demo: what it does, and how many answers it has spoiled.

import type { Fault } from "../faults/fault.ts";
import type { Answer } from "../source/answer.ts";

/** A fault that is switched on. */
export interface DemoFault {
  fault: Fault;
  /** What it does, in words. */
  effect: string;
  /** How many answers it has changed, or kept back, so far. */
  spoiled(): number;
}

/** Switches a fault on; `effects` say by kind what each does, in words. */
export function demoFault(fault: Fault, effects: Readonly<Record<string, string>>): DemoFault {
  let spoiled = 0;
  return {
    effect: effects[fault.kind.name] ?? fault.kind.usage,
    spoiled: () => spoiled,
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
          if (given !== right) spoiled += 1;
          return given;
        };
      },
    },
  };
}
