// Builds the views through which a namespace is read: its own rows of the partitions it has settled, all others of `prod`.

import { PROD } from "../../domain/namespace.ts";
import { convertedTo } from "./alter-sql.ts";
import type { ExistingTable } from "./catalog.ts";
import type { Column } from "./columns.ts";
import { isWidening } from "./plan.ts";
import { identifier, list, nameOf, PROVENANCE, readName, type Table } from "./sql.ts";

export function dropOverlay(table: Table): string {
  return `drop view if exists ${readName(table)}`;
}

/** `prod` is its table of this dataset, where it has one; its columns must fit: see findUnfit. */
export function createOverlay(table: Table, prod: ExistingTable | undefined): string {
  const provenance = PROVENANCE.map((name) => `t.${name}`).join(", ");
  const own = `select ${list(table.columns, "t.")}, ${provenance} from ${nameOf(table)} t
  where ${isCovered(table.namespace, "t")}`;
  if (prod === undefined) return `create view ${readName(table)} as ${own}`;
  const values = table.columns.map((column) => `${valueIn(prod, column)} as ${identifier(column.name)}`);
  const sameKey = table.key.map((column) => `w.${identifier(column.name)} = ${valueIn(prod, column)}`);
  return `create view ${readName(table)} as ${own}
union all
select ${values.join(", ")}, ${provenance} from ${readName({ ...table, namespace: PROD })} t
  where not ${isCovered(table.namespace, "t")}
    -- What another partition writes there now is that partition's.
    and not exists (
      select from ${nameOf(table)} w where ${sameKey.join(" and ")} and ${isCovered(table.namespace, "w")})`;
}

/** The first column that can't be read as the namespace has it, with its type in `prod`; undefined there: `prod` hasn't got it. */
export function findUnfit(
  table: Table,
  prod: ExistingTable | undefined,
): { column: Column; type: string | undefined } | undefined {
  if (prod === undefined) return undefined;
  const unfit = table.columns.find((column) => {
    const type = prod.columns.get(column.name)?.type;
    if (type === undefined) return table.key.includes(column);
    return type !== column.type && !isWidening(type, column.type);
  });
  return unfit && { column: unfit, type: prod.columns.get(unfit.name)?.type };
}

/** A column that `prod` hasn't got is empty there. */
function valueIn(prod: ExistingTable, column: Column): string {
  const type = prod.columns.get(column.name)?.type;
  if (type === undefined) return `null::${column.type}`;
  const name = `t.${identifier(column.name)}`;
  return type === column.type ? name : convertedTo(column, name, type);
}

/** Whether the namespace has settled the partition that a row is of. One that was withdrawn and is back hasn't settled yet. */
function isCovered(namespace: string, row: string): string {
  return `exists (
    select from headworks.outputs o
    where o.namespace = '${namespace}' and o.processor = ${row}._processor and o.partition = ${row}._partition
      and o.settled_at is not null)`;
}
