// Asks PostgreSQL which types a query takes and gives, by preparing it: nothing is run.

import type { Connection } from "../store/database.ts";

/** Types by their names in pg_type, such as int8, text, _uuid. What functions that give nothing give is left out. */
export interface DescribedQuery {
  params: string[];
  returns: { name: string; type: string }[];
}

interface Description {
  params: number[];
  fields: { name: string; dataTypeID: number }[];
}

/** Prepares the query. Throws PostgreSQL's error when it is wrong. */
export async function describeQuery(connection: Connection, text: string): Promise<DescribedQuery> {
  const { params, fields } = await prepare(connection, text);
  const oids = [...params, ...fields.map((field) => field.dataTypeID)];
  const { rows } = await connection.query<{ oid: number; typname: string }>(
    "select oid::int8, typname::text from pg_type where oid = any ($1::oid[])",
    [oids],
  );
  const names = new Map(rows.map((row) => [row.oid, row.typname]));
  const nameOf = (oid: number) => names.get(oid) ?? String(oid);
  return {
    params: params.map(nameOf),
    returns: fields
      .map((field) => ({ name: field.name, type: nameOf(field.dataTypeID) }))
      .filter((field) => field.type !== "void"),
  };
}

/** The steps that pg takes before it runs a query with parameters, and no more. */
function prepare(connection: Connection, text: string): Promise<Description> {
  return new Promise((resolve, reject) => {
    const description: Description = { params: [], fields: [] };
    let failure: Error | undefined;
    connection.query({
      submit(wire) {
        wire.once("parameterDescription", (message: { dataTypeIDs: number[] }) => {
          description.params = message.dataTypeIDs;
        });
        wire.parse({ name: "", text, types: [] }, true);
        wire.describe({ type: "S", name: "" }, true);
        wire.sync();
      },
      handleRowDescription(message: Pick<Description, "fields">) {
        description.fields = message.fields;
      },
      handleError(error: Error) {
        failure = error;
        reject(failure);
      },
      handleReadyForQuery() {
        resolve(description);
      },
    });
  });
}
