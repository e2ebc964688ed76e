import { expect, test } from "vitest";
import { verdictOn, verdictOnStatus } from "./foreign-error.ts";

test.for([
  ["22P02", "blame"], // not a number
  ["23505", "blame"], // a key twice
  ["54000", "blame"], // a row that is too large
  ["P0001", "blame"], // a trigger of the user's
  ["40001", "contend"],
  ["40P01", "contend"],
  ["55P03", "contend"],
  ["57014", "contend"],
  ["08006", "wait"],
  ["25006", "wait"], // read-only
  ["25P04", "wait"],
  ["53100", "wait"], // disk full
  ["53300", "wait"],
  ["57P01", "wait"],
  ["58030", "wait"], // input and output
  ["XX001", "wait"],
  ["28P01", "stop"],
  ["3D000", "stop"],
  ["42501", "stop"], // no privilege
  ["42P01", "stop"],
  ["ECONNREFUSED", "wait"],
  ["ENOSPC", "wait"],
  ["EROFS", "wait"],
  ["ENAMETOOLONG", "blame"],
  ["EISDIR", "blame"],
  ["EACCES", "stop"],
  ["CERT_HAS_EXPIRED", "stop"],
] as const)("%s: %s", ([code, verdict]) => {
  expect(verdictOn(code)).toBe(verdict);
});

test.for([
  [200, undefined],
  [401, "stop"],
  [404, "blame"],
  [429, "wait"],
  [501, "blame"],
  [503, "wait"],
] as const)("the status %d: %s", ([status, verdict]) => {
  expect(verdictOnStatus(status)).toBe(verdict);
});

test("a code that isn't known says nothing", () => {
  expect(verdictOn("ERR_SOMETHING")).toBeUndefined();
  expect(verdictOn("ZZ999")).toBeUndefined();
});
