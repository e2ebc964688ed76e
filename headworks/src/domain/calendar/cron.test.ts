// Tests of reading cron patterns, and of refusing them with what is wrong.

import { expect, test } from "vitest";
import { parseCron } from "./cron.ts";

test.each([
  ["0 3 * * *", [0], [3]],
  ["*/20 8-10 * * *", [0, 20, 40], [8, 9, 10]],
  ["5,0,5 0-23/6 * * *", [0, 5], [0, 6, 12, 18]],
  ["@daily", [0], [0]],
])("%s", (text, minutes, hours) => {
  expect(parseCron(text)).toMatchObject({ minutes, hours });
});

test("names of months and weekdays are read, and Sunday is 0 and 7", () => {
  expect(parseCron("0 0 * JAN,mar fri-sun")).toMatchObject({
    months: new Set([1, 3]),
    weekdays: new Set([5, 6, 7]),
  });
  expect(parseCron("0 0 * * 0").weekdays).toEqual(parseCron("0 0 * * 7").weekdays);
});

test("a date need fit only one of day and weekday when both are restricted", () => {
  expect(parseCron("0 0 13 * fri").eitherDay).toBe(true);
  expect(parseCron("0 0 13 * *").eitherDay).toBe(false);
  expect(parseCron("0 0 */2 * fri").eitherDay).toBe(false);
});

test.each([
  ["", '"" has 0 fields, not 5'],
  ["0 3 * *", '"0 3 * *" has 4 fields, not 5'],
  ["0 0 3 * * *", '"0 0 3 * * *" has 6 fields, not 5'],
  ["61 * * * *", 'as the minute, "61" is none: 0 to 59'],
  ["0 24 * * *", 'as the hour, "24" is none: 0 to 23'],
  ["0 3 0 * *", 'as the day of the month, "0" is none: 1 to 31'],
  ["0 3 * foo *", 'as the month, "foo" is none: 1 to 12'],
  ["0 3 * * 8", 'as the day of the week, "8" is none: 0 to 7'],
  ["0 9-5 * * *", 'as the hour, "9-5" ends before it begins'],
  ["*/0 * * * *", 'as the minute, "*/0" has a step that is no number from 1 to 59'],
  ["5/10 * * * *", 'as the minute, "5/10" has a step without a range to go through'],
  ["1,,2 * * * *", 'as the minute, "" can\'t be read'],
  ["-5 * * * *", 'as the minute, "-5" can\'t be read'],
])("%j is refused", (text, message) => {
  expect(() => parseCron(text)).toThrow(new RangeError(message));
});
