// Makes the overlays of namespaces, and makes them anew around every change of the tables of `prod` below them.

import { HeadworksError } from "../../domain/error.ts";
import { PROD, rowsSchemaOf } from "../../domain/namespace.ts";
import type { Connection } from "../database.ts";
import { listTables } from "./catalog.ts";
import * as sql from "./datasets.queries.ts";
import { createOverlay, dropOverlay, findUnfit } from "./overlay-sql.ts";
import { createSchema, type Table } from "./sql.ts";
import { storedTable } from "./stored.ts";

/** Makes the schemas of a namespace, where they aren't there yet. */
export async function createSchemas(connection: Connection, namespace: string): Promise<void> {
  for (const schema of new Set([namespace, rowsSchemaOf(namespace)]))
    await connection.query(createSchema(schema));
}

/** Makes the overlays of these tables of a namespace anew. Throws OVERLAY_IMPOSSIBLE where `prod` has columns of other types. */
export async function createOverlays(connection: Connection, tables: readonly Table[]): Promise<void> {
  const prod = await listTables(connection, PROD);
  for (const table of tables) {
    const unfit = findUnfit(table, prod.get(table.name));
    if (unfit !== undefined) throw impossible(table, unfit.column, unfit.type);
    await connection.query(dropOverlay(table));
    await connection.query(createOverlay(table, prod.get(table.name)));
  }
}

/**
 * Changes tables of `prod` without the overlays above them, which would hold them as they are; then those come back that
 * still fit. A namespace that is left without one is told so by its readers: `prod` waits for none.
 */
export async function withoutOverlays(
  connection: Connection,
  names: ReadonlySet<string>,
  change: () => Promise<void>,
): Promise<void> {
  const above = (await listOverlaid(connection)).filter((table) => names.has(table.name));
  for (const table of above) await connection.query(dropOverlay(table));
  await change();
  const prod = await listTables(connection, PROD);
  const fit = above.filter((table) => findUnfit(table, prod.get(table.name)) === undefined);
  await createOverlays(connection, fit);
}

/** The tables of all namespaces but `prod`. */
export async function listOverlaid(connection: Connection): Promise<Table[]> {
  const stored = await sql.listEveryDataset(connection);
  return stored.filter(({ namespace }) => namespace !== PROD).map(storedTable);
}

function impossible(
  { namespace, name }: Table,
  column: { name: string; type: string },
  type: string | undefined,
): HeadworksError {
  return new HeadworksError({
    code: "OVERLAY_IMPOSSIBLE",
    message: `${namespace} can't overlay ${name}: its column ${column.name} is ${column.type}, in prod ${type ?? "it isn't there"}`,
    hint: "give the column another name or the dataset another one, or change it in prod first",
  });
}
