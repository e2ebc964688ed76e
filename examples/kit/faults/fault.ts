// What a fault is: something that stands between a request and its answer, and spoils it.

import type { Answer } from "../source/answer.ts";
import type { SourceRequest } from "../source/routing.ts";
import type { FaultArguments } from "./arguments.ts";

/** What a fault may use of the server. */
export interface Surroundings {
  /** Milliseconds on a clock that never goes back. */
  monotonicMs(): number;
  /** Waits that many milliseconds; rejects when the server closes. */
  pause(ms: number): Promise<void>;
}

/** Answers a request in place of `answer`, or with it. `request` is undefined when no route has its path. */
export type Interference = (
  request: SourceRequest | undefined,
  answer: () => Promise<Answer>,
) => Promise<Answer>;

/** A sort of fault, by the name that a spec begins with. */
export interface FaultKind {
  readonly name: string;
  /** How to write it, for messages and help. */
  readonly usage: string;
  /** Whether something comes between the colon and the options, such as days. */
  readonly takesValue: boolean;
  readonly options: readonly string[];
  /** Reads the arguments, and gives a function that makes the fault anew, with nothing counted, for each server. */
  prepare(given: FaultArguments): (surroundings: Surroundings) => Interference;
}

/** A fault that is switched on; every server that gets it begins with fresh counts. */
export interface Fault {
  readonly kind: FaultKind;
  /** Where its kind stands among those of its source: what stands first hides what comes after. */
  readonly rank: number;
  readonly spec: string;
  arm(surroundings: Surroundings): Interference;
}

/** What a fault does to good answers, by the resource that they are of; other resources it leaves alone. */
export type Changes = Readonly<Record<string, (answer: Answer, request: SourceRequest) => Answer>>;

/** Answers whether this is one of the first `limit` requests for its subject, and counts it. */
export function firstRequests(limit: number): (request: SourceRequest) => boolean {
  const counts = new Map<string, number>();
  return ({ subject }) => {
    const count = (counts.get(subject) ?? 0) + 1;
    counts.set(subject, count);
    return count <= limit;
  };
}
