// Reads a fault from its spec, as in `--fault outage:2026-01-10..2026-01-12`, and puts several of them in order.

import type { Answer } from "../source/answer.ts";
import type { SourceRequest } from "../source/routing.ts";
import { splitArguments } from "./arguments.ts";
import type { Fault, FaultKind, Interference, Surroundings } from "./fault.ts";

/**
 * The fault of a spec, of one of these kinds: outermost first. What hits the connection hides what hits the content, so that
 * an outage, say, uses up none of the requests by which a changed page heals. Throws an Error that says what is wrong with
 * the spec, and how to write it.
 */
export function parseFault(kinds: readonly FaultKind[], spec: string): Fault {
  const colon = spec.indexOf(":");
  const name = colon < 0 ? spec : spec.slice(0, colon);
  const kind = kinds.find((candidate) => candidate.name === name);
  if (kind === undefined)
    throw new Error(
      `fault "${spec}": there is no fault "${name}". Known: ${kinds.map((one) => one.usage).join("; ")}`,
    );
  try {
    return {
      kind,
      rank: kinds.indexOf(kind),
      spec,
      arm: prepare(kind, colon < 0 ? "" : spec.slice(colon + 1)),
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`fault "${spec}": ${reason}. Write it as ${kind.usage}`, { cause: error });
  }
}

function prepare(kind: FaultKind, text: string): Fault["arm"] {
  const given = splitArguments(text);
  if (kind.takesValue && given.value === "") throw new Error("what comes after the colon is missing");
  if (!kind.takesValue && given.value !== "") throw new Error(`"${given.value}" is not an option`);
  const unknown = [...given.options.keys()].find((option) => !kind.options.includes(option));
  if (unknown !== undefined) throw new Error(`there is no option "${unknown}"`);
  return kind.prepare(given);
}

/** One interference made of all these faults, in the order of their kinds and then as given. */
export function armFaults(faults: readonly Fault[], surroundings: Surroundings): Interference {
  const armed = [...faults].sort((a, b) => a.rank - b.rank).map((fault) => fault.arm(surroundings));
  return armed.reduceRight<Interference>(
    (inner, outer) => (request, answer) => outer(request, () => inner(request, answer)),
    passThrough,
  );
}

const passThrough: Interference = (_request: SourceRequest | undefined, answer: () => Promise<Answer>) =>
  answer();
