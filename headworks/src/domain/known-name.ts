// Refuses a name that doesn't exist, and names the one that was probably meant.

import { closest, distance } from "fastest-levenshtein";
import { HeadworksError } from "./error.ts";

/** Gives the name back if it is known. Throws `UNKNOWN_<KIND>`, with the nearest name or with all of them. */
export function requireKnown(kind: string, name: string, known: readonly string[]): string {
  if (known.includes(name)) return name;
  throw new HeadworksError({
    code: `UNKNOWN_${kind.toUpperCase()}`,
    message: `unknown ${kind} ${name}`,
    hint: hintFor(name, known),
  });
}

function hintFor(name: string, known: readonly string[]): string {
  if (known.length === 0)
    return "the configuration declares none, or none is registered yet: `headworks start` registers it";
  const nearest = closest(name, [...known]);
  const isNear = distance(name, nearest) <= Math.max(2, Math.floor(name.length / 3));
  const all = known.length <= 12 ? known.join(", ") : `${known.slice(0, 12).join(", ")}, …`;
  return isNear ? `did you mean ${nearest}?` : `there are: ${all}`;
}
