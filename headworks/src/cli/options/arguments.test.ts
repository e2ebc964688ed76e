import { expect, test } from "vitest";
import { durationOption, wholeOption } from "./arguments.ts";

test("reads durations in milliseconds", () => {
  expect(durationOption("90s")).toBe(90_000);
});

test.for(["10", "ten seconds", "-1s", ""])("refuses %s as a duration", (text) => {
  expect(() => durationOption(text)).toThrow(expect.objectContaining({ code: "OPTION_INVALID" }));
});

test("reads whole numbers within their bounds only", () => {
  const read = wholeOption(1, 10);

  expect([read("1"), read("10")]).toEqual([1, 10]);
  for (const text of ["0", "11", "1.5", "-1", "", "many"]) {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: "OPTION_INVALID" }));
  }
});
