// Reads CSV files with a header line; fields in quotes may hold commas and doubled quotes.

import { readFileSync } from "node:fs";
import type { z } from "zod";

/** The rows of a file, each checked. Throws with the file's name and line when one does not fit. */
export function readCsv<T>(file: string, row: z.ZodType<T>): T[] {
  const [header = "", ...lines] = readFileSync(file, "utf8").split(/\r?\n/).filter(Boolean);
  const columns = splitLine(header);
  return lines.map((line, at) => {
    const fields = splitLine(line);
    const parsed = row.safeParse(Object.fromEntries(columns.map((column, index) => [column, fields[index]])));
    if (!parsed.success) throw new Error(`${file}, row ${at + 1}: ${parsed.error.message}`);
    return parsed.data;
  });
}

function splitLine(line: string): string[] {
  const fields = line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return [...fields].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
}
