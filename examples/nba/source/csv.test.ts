import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { readCsv } from "./csv.ts";

const folder = mkdtempSync(join(tmpdir(), "source-csv-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(text: string): string {
  const file = join(folder, "rows.csv");
  writeFileSync(file, text);
  return file;
}

const row = z.object({ ID: z.coerce.number().int(), NAME: z.string(), NOTE: z.string() });

describe("a CSV file", () => {
  it("is read with quotes, commas inside them, empty fields and any line ends", () => {
    const file = fileWith('ID,NAME,NOTE\r\n1,"Rouen, France",\r\n2,plain,"said ""so"""\n');
    expect(readCsv(file, row)).toEqual([
      { ID: 1, NAME: "Rouen, France", NOTE: "" },
      { ID: 2, NAME: "plain", NOTE: 'said "so"' },
    ]);
  });

  it("is refused with its name and the row when a row does not fit", () => {
    const file = fileWith("ID,NAME,NOTE\n1,one,\ntwo,two,\n");
    expect(() => readCsv(file, row)).toThrow(`${file}, row 2`);
  });
});
