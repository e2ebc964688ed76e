// Tests of the one error class, and of reading a message from whatever was thrown.

import { expect, test } from "vitest";
import { HeadworksError, messageOf } from "./error.ts";

const description = { code: "ZONE_UNKNOWN", message: "no such zone", hint: "Use an IANA name." };

test("an error carries its code, its message and its hint", () => {
  const error = new HeadworksError(description);
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: "HeadworksError", ...description });
});

test("an error has a cause only when it was given one", () => {
  const cause = new RangeError("underneath");
  expect(new HeadworksError({ ...description, cause }).cause).toBe(cause);
  expect("cause" in new HeadworksError(description)).toBe(false);
});

test.each([
  [new RangeError("too far"), "too far"],
  ["a bare string", "a bare string"],
  [undefined, "undefined"],
  [null, "null"],
  [42, "42"],
])("the message of %s can be read", (thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});
