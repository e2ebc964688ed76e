// Tests of how instants and large integers come out of PostgreSQL.

import fc from "fast-check";
import pg from "pg";
import { expect, test } from "vitest";
import { INT8_ARRAY, valueParsers } from "./value-parsers.ts";

const parse = valueParsers.getTypeParser(pg.types.builtins.TIMESTAMPTZ, "text") as (text: string) => string;

test("an instant is the same ISO 8601 text as if it had been parsed, and keeps its microseconds", () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date("1000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
      fc.nat(999_999),
      (date, micros) => {
        const seconds = date.toISOString().slice(0, 19);
        const fraction = String(micros).padStart(6, "0");
        // PostgreSQL leaves out zeros at the end.
        const kept = fraction.replace(/0+$/, "");
        const text = `${seconds.replace("T", " ")}${kept === "" ? "" : `.${kept}`}+00`;

        expect(Date.parse(parse(text))).toBe(Date.parse(`${seconds}.${fraction}Z`));
        expect(parse(text)).toBe(`${seconds}.${fraction.endsWith("000") ? fraction.slice(0, 3) : fraction}Z`);
      },
    ),
  );
});

test("another zone is converted, and the infinities stay texts", () => {
  expect(parse("2026-01-14 05:00:00+02")).toBe("2026-01-14T03:00:00.000Z");
  expect(parse("-infinity")).toBe("-infinity");
});

test("large integers in an array are numbers while they are exact, as they are alone", () => {
  const parseArray = valueParsers.getTypeParser(INT8_ARRAY, "text") as (text: string) => unknown;

  expect(parseArray("{}")).toEqual([]);
  expect(parseArray("{1,NULL,9007199254740993}")).toEqual([1, null, 9007199254740993n]);
});
