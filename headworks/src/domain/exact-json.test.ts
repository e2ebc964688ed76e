import { expect, test } from "vitest";
import { findRounded, parseExactly, writeExactly } from "./exact-json.ts";

test.for([
  ['{"id":1610521604143693812}', { id: 1610521604143693812n }],
  ["[9007199254740993,-9007199254740993]", [9007199254740993n, -9007199254740993n]],
  // These a number holds exactly.
  ["[9007199254740991,1152921504606846976]", [9007199254740991, 2 ** 60]],
  // A fraction or an exponent says that it is no id.
  ["[0.1234567890123456789,1e300]", [0.12345678901234568, 1e300]],
  ['{"text":"1610521604143693812"}', { text: "1610521604143693812" }],
] as const)("%s keeps all its digits", ([text, value]) => {
  expect(parseExactly(text).value).toEqual(value);
});

test("an integer that is over the range of numbers is no infinity", () => {
  const digits = `1${"0".repeat(400)}1`;

  expect(parseExactly(`[${digits}]`).value).toEqual([BigInt(digits)]);
});

test("finds a number that an integer was rounded to, at any depth", () => {
  const { value, rounded } = parseExactly('{"ids":[1610521604143693812,7]}');
  const [first] = (value as { ids: bigint[] }).ids;

  expect(findRounded({ ids: [{ id: Number(first) }] }, rounded)).toBe("1610521604143693812");
  expect(findRounded(value, rounded)).toBeUndefined();
});

test("what isn't JSON is refused", () => {
  expect(() => parseExactly("[1610521604143693812")).toThrow(SyntaxError);
});

test("what was parsed is written with the same digits", () => {
  const text = '{"id":1610521604143693812,"ids":[7,-9007199254740993]}';

  expect(writeExactly(parseExactly(text).value)).toBe(text);
});
