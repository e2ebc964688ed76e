// Asks PostgreSQL which types a query takes and gives, by preparing it: nothing is run.

import type { Connection } from "../store/database.ts";

export interface DescribedColumn {
  name: string;
  type: string;
  /** Whether the column of a table that it is taken from may be null; undefined of what is computed, or comes from a view. */
  mayBeNull: boolean | undefined;
}

/** Types by their names in pg_type, such as int8, text, _uuid. What functions that give nothing give is left out. */
export interface DescribedQuery {
  params: string[];
  returns: DescribedColumn[];
}

interface Description {
  params: number[];
  fields: { name: string; dataTypeID: number; tableID: number; columnID: number }[];
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
  const nullable = await nullabilityOf(connection, fields);
  return {
    params: params.map(nameOf),
    returns: fields
      .map((field, place) => ({
        name: field.name,
        type: nameOf(field.dataTypeID),
        mayBeNull: nullable[place],
      }))
      .filter((field) => field.type !== "void"),
  };
}

/** In the order of the fields. */
async function nullabilityOf(
  connection: Connection,
  fields: Description["fields"],
): Promise<(boolean | undefined)[]> {
  const { rows } = await connection.query<{ may_be_null: boolean | null }>(
    `select case when c.relkind in ('r', 'p') then not a.attnotnull end as may_be_null
     from unnest($1::oid[], $2::int4[]) with ordinality as field (relation, number, place)
     left join pg_attribute a on a.attrelid = field.relation and a.attnum = field.number and a.attnum > 0
     left join pg_class c on c.oid = a.attrelid
     order by field.place`,
    [fields.map((field) => field.tableID), fields.map((field) => field.columnID)],
  );
  return rows.map((row) => row.may_be_null ?? undefined);
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
