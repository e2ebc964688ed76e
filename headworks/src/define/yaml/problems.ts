// Turns what zod and the YAML parser say of a processors.yaml into problems with a line, a column and something to do.

import { visit } from "yaml";
import type { z } from "zod";
import { suggestion } from "../compile/definitions.ts";
import type { Problem } from "../registry.ts";
import {
  formatPath,
  offsetOfKey,
  offsetOfValue,
  type Path,
  type PositionedFile,
  placeAt,
} from "./position.ts";
import { describedAt, keysAt } from "./schema-walk.ts";

type Issue = z.core.$ZodIssue;

/** Everything that keeps the text from being YAML; nothing else can be told of such a file. */
export function syntaxProblems(file: PositionedFile): Problem[] {
  const faults = [...file.document.errors, ...file.document.warnings].map((fault) =>
    syntaxProblem(placeAt(file, fault.pos[0]), fault.message),
  );
  visit(file.document, {
    Alias(_, alias) {
      if (alias.resolve(file.document) !== undefined) return;
      const message = `there is no anchor &${alias.source} before it`;
      faults.push(syntaxProblem(placeAt(file, alias.range?.[0] ?? 0), message));
    },
  });
  return faults;
}

/** One mistake of syntax. */
export function syntaxProblem(where: string, message: string): Problem {
  const hint = "fix the YAML: look for its indentation, a missing colon or an unclosed quote or bracket";
  return { code: "YAML_SYNTAX", where, message, hint };
}

/** One problem for each thing that the schema refuses, in the order of the file. */
export function schemaProblems(file: PositionedFile, schema: z.ZodType, issues: readonly Issue[]): Problem[] {
  return issues
    .flatMap((issue) => flattened(issue, []))
    .flatMap((issue) => faultsOf(file, schema, issue))
    .sort((a, b) => a.offset - b.offset)
    .map(({ offset, path, ...said }) => {
      const place = placeAt(file, offset);
      return { ...said, where: path.length === 0 ? place : `${place} › ${formatPath(path)}` };
    });
}

/** Of a union's alternatives, what was meant is the one that the value comes nearest to. */
function flattened(issue: Issue, parent: Path): Issue[] {
  const path = [...parent, ...issue.path];
  if (issue.code !== "invalid_union" || issue.input === undefined) return [{ ...issue, path }];
  const [nearest] = issue.errors
    .map((faults) => ({ faults, distance: faults.reduce((sum, fault) => sum + distanceOf(fault), 0) }))
    .sort((a, b) => a.distance - b.distance);
  return (nearest?.faults ?? []).flatMap((fault) => flattened(fault, path));
}

/** A value of another shape is farthest from an alternative, then one without the key that tells it from the others. */
function distanceOf(issue: Issue): number {
  const isWhole = issue.path.length === 0;
  if (isWhole && issue.code === "invalid_type") return 10_000;
  if (isWhole && issue.code === "invalid_value" && typeof issue.input === "object") return 10_000;
  if (issue.input === undefined) return 100;
  return issue.code === "unrecognized_keys" ? issue.keys.length : 1;
}

interface Fault extends Omit<Problem, "where"> {
  offset: number;
  path: Path;
}

function faultsOf(file: PositionedFile, schema: z.ZodType, issue: Issue): Fault[] {
  const { path } = issue;
  const parent = path.slice(0, -1);
  if (issue.code === "unrecognized_keys") return unknownKeys(file, schema, path, issue.keys);
  if (issue.code === "invalid_key") {
    const offset = offsetOfKey(file, parent, String(path.at(-1)));
    const message = issue.issues[0]?.message ?? issue.message;
    return [{ offset, path, code: "BAD_VALUE", message, hint: describedAt(schema, parent) }];
  }
  const hint = hintOf(issue) ?? describedAt(schema, path);
  return [{ offset: offsetOfValue(file, path), path, ...whatIsWrong(issue), hint }];
}

/** A key that is known here, but doesn't go with those beside it, needs the whole explained. */
function unknownKeys(file: PositionedFile, schema: z.ZodType, path: Path, keys: readonly string[]): Fault[] {
  const known = keysAt(schema, path);
  return keys.map((key) => ({
    offset: offsetOfKey(file, path, key),
    path: [...path, key],
    code: "UNKNOWN_KEY",
    message: known.includes(key)
      ? `${key} does not go with the keys beside it`
      : `there is no key ${key} here`,
    hint: known.includes(key) ? describedAt(schema, path) : suggestion(key, known),
  }));
}

const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "a mapping",
  record: "a mapping",
};

function whatIsWrong(issue: Issue): { code: string; message: string } {
  if (issue.input === undefined) return { code: "MISSING_KEY", message: "it is missing" };
  if (issue.input === null) return { code: "WRONG_TYPE", message: "it is empty" };
  switch (issue.code) {
    case "invalid_type": {
      const kind = KINDS[issue.expected] ?? issue.expected;
      return { code: "WRONG_TYPE", message: `it must be ${kind}, not ${shown(issue.input)}` };
    }
    case "invalid_value":
      return { code: "BAD_VALUE", message: `${shown(issue.input)} is none of its values` };
    case "too_small":
      return { code: "BAD_VALUE", message: `it must be at least ${issue.minimum}${unitOf(issue.origin)}` };
    case "too_big":
      return { code: "BAD_VALUE", message: `it must be at most ${issue.maximum}${unitOf(issue.origin)}` };
    default:
      return { code: "BAD_VALUE", message: issue.message };
  }
}

function hintOf(issue: Issue): string | undefined {
  if (issue.code === "custom" && typeof issue.params?.hint === "string") return issue.params.hint;
  if (issue.code !== "invalid_value" || typeof issue.input !== "string") return undefined;
  return suggestion(issue.input, issue.values.map(String));
}

function unitOf(origin: string): string {
  if (origin === "array") return " entries long";
  return origin === "string" ? " characters long" : "";
}

function shown(input: unknown): string {
  if (Array.isArray(input)) return "a list";
  if (typeof input === "object") return "a mapping";
  return JSON.stringify(input);
}
