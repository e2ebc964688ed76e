// Tables of aligned columns, no wider than they may be: the one flexible column is cut.

import { cut, type Paint, type Style, safeText } from "./output.ts";

export interface Column<Row> {
  title: string;
  value: (row: Row) => string | number | null;
  align?: "right";
  /** The color of a cell. */
  style?: (row: Row) => Style | undefined;
  /** The column that is cut when the table is too wide. */
  flexible?: boolean;
}

const GAP = "  ";
const NARROWEST = 8;

/** The lines of a table; `width` undefined is no limit. A missing value is an en dash. */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  options: { paint: Paint; width: number | undefined },
): string[] {
  const cells = rows.map((row) => columns.map((column) => safeText(String(column.value(row) ?? "–"))));
  const natural = columns.map((column, index) =>
    Math.max(column.title.length, ...cells.map((line) => line[index]?.length ?? 0)),
  );
  const widths = fitted(natural, columns, options.width);
  const head = columns.map((column, index) => padded(column.title, widths[index] ?? 0, column)).join(GAP);
  const body = cells.map((line, rowIndex) =>
    columns
      .map((column, index) => {
        const text = padded(line[index] ?? "", widths[index] ?? 0, column);
        const row = rows[rowIndex];
        const style = row === undefined ? undefined : column.style?.(row);
        return style === undefined ? text : options.paint(style, text);
      })
      .join(GAP)
      .trimEnd(),
  );
  return [options.paint("dim", head.trimEnd()), ...body];
}

function fitted<Row>(
  natural: readonly number[],
  columns: readonly Column<Row>[],
  width: number | undefined,
): number[] {
  if (width === undefined) return [...natural];
  const total = natural.reduce((sum, each) => sum + each, 0) + GAP.length * (natural.length - 1);
  const excess = Math.max(0, total - width);
  return natural.map((each, index) =>
    columns[index]?.flexible === true ? Math.max(NARROWEST, each - excess) : each,
  );
}

function padded<Row>(text: string, width: number, column: Column<Row>): string {
  const fitting = cut(text, width);
  return column.align === "right" ? fitting.padStart(width) : fitting.padEnd(width);
}
