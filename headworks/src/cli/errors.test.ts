import { expect, test } from "vitest";
import { HeadworksError } from "../domain/error.ts";
import { presentError, presentErrorAsJson } from "./errors.ts";

const error = (code: string) => new HeadworksError({ code, message: "it is so", hint: "do this" });

test("shows what is wrong, what to do, and the code", () => {
  expect(presentError(error("UNKNOWN_PROCESSOR"))).toEqual({
    lines: ["error: it is so", "→ do this [UNKNOWN_PROCESSOR]"],
    exitCode: 2,
  });
});

test.for([
  ["CONFIGURATION_INVALID", 2],
  ["DATA_DIR_UNWRITABLE", 2],
  ["DATABASE_UNREACHABLE", 3],
  ["DATABASE_REFUSED", 3],
  ["EMBEDDED_START_FAILED", 3],
  ["DISK_FULL", 3],
  ["RUNNER_FAILED", 70],
] as const)("%s exits with %i", ([code, exitCode]) => {
  expect(presentError(error(code)).exitCode).toBe(exitCode);
});

test("shows the stack of what nobody foresaw, and exits with 70", () => {
  const { lines, exitCode } = presentError(new TypeError("x is not a function"));

  expect(exitCode).toBe(70);
  expect(lines[0]).toBe("error: x is not a function");
  expect(lines.join("\n")).toContain("errors.test.ts");
});

test("is one JSON object for --json, with every mistake of a configuration", () => {
  const problems = [{ code: "BAD_NAME", where: "pipeline X", message: "bad", hint: "fix" }];
  const invalid = Object.assign(error("CONFIGURATION_INVALID"), { problems });

  expect(JSON.parse(presentErrorAsJson(invalid).lines.join(""))).toEqual({
    error: { code: "CONFIGURATION_INVALID", message: "it is so", hint: "do this", problems },
  });
  expect(JSON.parse(presentErrorAsJson("thrown").lines.join(""))).toMatchObject({
    error: { code: "INTERNAL", message: "thrown" },
  });
});
