// Tests of how instants come out of PostgreSQL: put together from their parts, they are what parsing would give.

import fc from "fast-check";
import pg from "pg";
import { expect, test } from "vitest";
import { valueParsers } from "./value-parsers.ts";

const parse = valueParsers.getTypeParser(pg.types.builtins.TIMESTAMPTZ, "text") as (text: string) => string;

test("an instant is the same ISO 8601 text as if it had been parsed, whatever its fraction", () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date("1000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
      fc.nat(6),
      fc.nat(999_999),
      (date, digits, fraction) => {
        const kept = String(fraction).padStart(6, "0").slice(0, digits);
        const seconds = date.toISOString().slice(0, 19);
        const text = `${seconds.replace("T", " ")}${kept === "" ? "" : `.${kept}`}+00`;
        expect(parse(text)).toBe(new Date(`${seconds}${kept === "" ? "" : `.${kept}`}Z`).toISOString());
      },
    ),
  );
});

test("another zone is converted, and the infinities stay texts", () => {
  expect(parse("2026-01-14 05:00:00+02")).toBe("2026-01-14T03:00:00.000Z");
  expect(parse("-infinity")).toBe("-infinity");
});
