// The process that one contender works in, for the whole bench: measures what the harness asks for, one thing at a time.

import type { Place } from "./contender.ts";
import { contenderNamed } from "./contenders.ts";
import { measurements } from "./measurements.ts";

/** What the harness asks for. */
export interface Question {
  measurement: keyof typeof measurements;
  place: Place;
  options: never;
}

export type Answer = { kind: "measured"; result: unknown } | { kind: "failed"; message: string };

const contender = contenderNamed(process.argv[2] ?? "");

process.on("message", ({ measurement, place, options }: Question) => {
  measurements[measurement](contender, place, options).then(
    (result) => answer({ kind: "measured", result }),
    (error: Error) => answer({ kind: "failed", message: error.stack ?? String(error) }),
  );
});
process.once("disconnect", () => process.exit());

function answer(message: Answer): void {
  process.send?.(message);
}
