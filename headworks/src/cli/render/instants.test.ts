import { expect, test } from "vitest";
import { parseSince, relative } from "./instants.ts";

const NOW = Date.parse("2026-01-15T12:00:00Z");

test.for([
  [null, "–"],
  ["2026-01-15T11:59:59.500Z", "now"],
  ["2026-01-15T11:59:56.800Z", "3s ago"],
  ["2026-01-15T11:57:00Z", "3m ago"],
  ["2026-01-15T09:30:00Z", "2h ago"],
  ["2026-01-12T12:00:00Z", "3d ago"],
  ["2026-01-15T12:00:45Z", "in 45s"],
] as const)("%s is %s", ([instant, said]) => {
  expect(relative(instant, NOW)).toBe(said);
});

test.for([
  ["90m", "2026-01-15T10:30:00.000Z"],
  ["2d", "2026-01-13T12:00:00.000Z"],
  ["2026-01-14", "2026-01-14T00:00:00.000Z"],
  ["2026-01-14T03:00:00-05:00", "2026-01-14T08:00:00.000Z"],
] as const)("--since %s is %s", ([text, instant]) => {
  expect(parseSince(text, NOW)).toBe(instant);
});

test.for(["yesterday", "2026-13-40", "", "14"])("refuses --since %s with what can be written", (text) => {
  expect(() => parseSince(text, NOW)).toThrow(expect.objectContaining({ code: "INSTANT_INVALID" }));
});
