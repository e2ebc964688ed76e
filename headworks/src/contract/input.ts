// Reads what somebody gives as the input of an operation, and names the field and the bound where it doesn't fit.

import type { z } from "zod";
import { HeadworksError } from "../domain/error.ts";
import type { InputOf, Operation } from "./operation.ts";

type Issue = z.core.$ZodIssue;
type Sized = Pick<z.core.$ZodIssueTooBig, "origin">;

/** The input with its defaults. Throws INPUT_INVALID. */
export function parseInput<O extends Operation>(operation: O, given: unknown): InputOf<O> {
  const parsed = operation.input.safeParse(given, { reportInput: true });
  if (parsed.success) return parsed.data as InputOf<O>;
  throw new HeadworksError({
    code: "INPUT_INVALID",
    message: `${operation.name}: ${parsed.error.issues.map(say).join("; ")}`,
    hint: "correct the named fields",
  });
}

function say(issue: Issue): string {
  const field = issue.path.join(".");
  switch (issue.code) {
    case "too_big":
      return `${field} must ${bound(issue, issue.inclusive === false ? "less than" : "at most")} ${issue.maximum}${unitOf(issue)}`;
    case "too_small":
      if (unitOf(issue) !== "" && issue.minimum === 1) return `${field} must not be empty`;
      return `${field} must ${bound(issue, issue.inclusive === false ? "more than" : "at least")} ${issue.minimum}${unitOf(issue)}`;
    case "invalid_value":
      return `${field} must be one of: ${issue.values.join(", ")}`;
    case "unrecognized_keys":
      return `unknown field ${issue.keys.join(", ")}`;
    case "invalid_type":
      return issue.input === undefined
        ? `${field} is required`
        : `${field} must be of type ${issue.expected}`;
    default:
      return field === "" ? issue.message : `${field}: ${issue.message}`;
  }
}

/** Numbers are within bounds; texts and lists have a length. */
function bound(issue: Sized, side: string): string {
  return unitOf(issue) === "" ? `be ${side}` : `have ${side}`;
}

function unitOf({ origin }: Sized): string {
  if (origin === "string") return " characters";
  return origin === "array" ? " items" : "";
}
