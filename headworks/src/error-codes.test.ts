// Holds docs/reference/errors.md to the code: every code that a user can meet is explained there, and no other.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = import.meta.dirname;
const PAGE = join(ROOT, "../../docs/reference/errors.md");

/** `code: "X"` of errors and problems; all that the line has, where it is one of two. */
const OF_ERRORS = /\bcode: (.*)/g;
const IN_LINE = /"([A-Z][A-Z0-9_]+)"/g;
/** Failures of PostgreSQL's programs, which share one function. */
const OF_PROGRAMS = /\bprogramFailure\(\s*"([A-Z_]+)"/g;
/** Names that a command refuses: the code is made of what they name. */
const OF_NAMES = /\brequireKnown\(\s*"([a-z]+)"/g;
/** Problems of a configuration, whose code is an argument. */
const OF_PROBLEMS = /(?:, |^\s+)"([A-Z]+(?:_[A-Z]+)+)",(?= |$)/gm;

const files = readdirSync(ROOT, { recursive: true, encoding: "utf8" }).filter(
  (path) => path.endsWith(".ts") && !/\.(test|fixture)\.ts$/.test(path),
);
const inCode = new Set(files.flatMap((path) => codesIn(path, readFileSync(join(ROOT, path), "utf8"))));
const documented = [...readFileSync(PAGE, "utf8").matchAll(/^\| `([A-Z][A-Z0-9_]+)` \|/gm)].map(codeOf);

test("the code has errors of every kind that is looked for", () => {
  expect([...inCode]).toEqual(
    expect.arrayContaining(["DATABASE_UNREACHABLE", "EMBEDDED_INIT_FAILED", "DEPENDENCY_CYCLE", "NO_KEY"]),
  );
});

test("every error code is explained in docs/reference/errors.md", () => {
  expect([...inCode].filter((code) => !documented.includes(code))).toEqual([]);
});

test("docs/reference/errors.md explains each code once, and none that doesn't exist", () => {
  expect(documented.filter((code) => !inCode.has(code))).toEqual([]);
  expect(documented.filter((code, index) => documented.indexOf(code) !== index)).toEqual([]);
});

function codesIn(path: string, text: string): string[] {
  const problems = path.startsWith("define") ? [...text.matchAll(OF_PROBLEMS)].map(codeOf) : [];
  const names = [...text.matchAll(OF_NAMES)].map((match) => `UNKNOWN_${codeOf(match).toUpperCase()}`);
  return [
    ...[...text.matchAll(OF_ERRORS)].flatMap((line) => [...codeOf(line).matchAll(IN_LINE)].map(codeOf)),
    ...[...text.matchAll(OF_PROGRAMS)].map(codeOf),
    ...names,
    ...problems,
  ];
}

function codeOf(match: RegExpMatchArray): string {
  return match[1] ?? "";
}
