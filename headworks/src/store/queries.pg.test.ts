import { globSync, readFileSync } from "node:fs";
import { describe, expect, inject, test } from "vitest";
import { createTestDatabase } from "../testing/database.ts";
import { type DescribedQuery, describeQuery } from "../testing/describe-query.ts";
import { findOldestPrograms, startTestServer } from "../testing/server.ts";
import { type Database, OLDEST_POSTGRES, serverVersion } from "./database.ts";
import { type Field, parseQueryFile, type Query } from "./query-file.ts";

const files = globSync("*/*.sql", { cwd: import.meta.dirname })
  .filter((file) => !file.startsWith("migrations/"))
  .sort();
const parsed = files.map((file) => parseQueryFile(readFileSync(new URL(file, import.meta.url), "utf8")));
const queries = parsed.flatMap((file) => file.queries);

describe("every query of the store", () => {
  test("has a name of its own, a description and the columns it returns", () => {
    expect(new Set(queries.map((query) => query.name)).size).toBe(queries.length);
    for (const { name, description, cardinality, returns } of queries) {
      expect(`${name}: ${description}`).toMatch(/: \S.{8,}/);
      expect(`${name} returns ${returns.length > 0}`).toBe(`${name} returns ${cardinality !== "exec"}`);
    }
  });

  test("reads of the JSON that it takes the fields that the type of its rows has, or those of a table", async () => {
    await using db = await createTestDatabase();
    const columns = await columnsByTable(db.database);
    const told = parsed.flatMap(({ types, queries: ofFile }) =>
      ofFile.flatMap((query) =>
        query.params.flatMap((param, place) => {
          const type = types.find(({ name }) => `${name}[]` === param.typescript);
          if (type === undefined) return [];
          const read = fieldsRead(query.text, place + 1, columns);
          return type.fields
            .filter((field) => read?.get(field.name) !== field.type)
            .map((field) => `${query.name}: ${field.name} ${field.type} is read as ${read?.get(field.name)}`);
        }),
      ),
    );

    expect(told).toEqual([]);
  });

  test("takes and gives what it declares, on the embedded PostgreSQL", async () => {
    await expectDeclared(inject("postgresUrl"));
  });

  const oldest = findOldestPrograms();
  test.runIf(oldest !== undefined)(
    `takes and gives what it declares, on PostgreSQL ${OLDEST_POSTGRES}`,
    async () => {
      const server = await startTestServer(oldest);
      try {
        await expectDeclared(server.url, OLDEST_POSTGRES);
      } finally {
        await server.stop();
      }
    },
  );
});

async function expectDeclared(serverUrl: string, expectedVersion?: number): Promise<void> {
  await using db = await createTestDatabase(serverUrl);
  if (expectedVersion !== undefined) expect(await serverVersion(db.database)).toBe(expectedVersion);
  const connection = await db.database.connect();
  try {
    const lies = [];
    for (const query of queries) lies.push(...liesOf(query, await describeQuery(connection, query.text)));
    expect(lies).toEqual([]);
  } finally {
    connection.release();
  }
}

/** What a header declares and the server knows better. */
function liesOf(query: Query, described: DescribedQuery): string[] {
  const types = `(${query.params.map(({ type }) => type)}) → ${query.returns.map(({ name, type }) => `${name} ${type}`)}`;
  const known = `(${described.params}) → ${described.returns.map(({ name, type }) => `${name} ${type}`)}`;
  if (types !== known) return [`${query.name}: ${types}, but the server says ${known}`];
  return query.returns.flatMap((column, place) => {
    const lie = lieOfNull(query, column, described.returns[place]?.mayBeNull);
    return lie === undefined ? [] : [`${query.name}: ${column.name} ${lie}`];
  });
}

/** The server knows of columns that are taken from a table as they are. What an outer join leaves out is null. */
function lieOfNull(query: Query, column: Field, mayBeNull: boolean | undefined): string | undefined {
  if (mayBeNull === true && !column.nullable && !column.ensured)
    return "comes from a column that may be null: declare it with ? (or with !, where the query sees to it)";
  if (mayBeNull === false && column.ensured) return "is never null anyway: it needs no !";
  if (mayBeNull === false && column.nullable && !/\b(left|full) join\b|\bunion\b/.test(query.text))
    return "comes from a column that is never null: declare it without ?";
  return undefined;
}

/** The fields that a query reads of a parameter by json_to_recordset or json_populate_recordset, with their types. */
function fieldsRead(
  text: string,
  place: number,
  columns: ReadonlyMap<string, ReadonlyMap<string, string>>,
): ReadonlyMap<string, string> | undefined {
  const table = new RegExp(`json_populate_recordset\\(null::headworks\\.(\\w+), \\$${place}\\)`).exec(
    text,
  )?.[1];
  if (table !== undefined) return columns.get(table);
  const list = new RegExp(`json_to_recordset\\(\\$${place}\\) as (?:\\w+ )?\\(([^)]*)\\)`).exec(text)?.[1];
  if (list === undefined) return undefined;
  return new Map(
    list.split(/,\s*/).map((field) => {
      const [, name = "", type = "", array] = /^(\w+) (.+?)(\[\])?$/.exec(field) ?? [];
      return [name, `${array === undefined ? "" : "_"}${SHORT_NAMES[type] ?? type}`];
    }),
  );
}

const SHORT_NAMES: Readonly<Record<string, string>> = {
  smallint: "int2",
  integer: "int4",
  bigint: "int8",
  boolean: "bool",
  "double precision": "float8",
};

async function columnsByTable(database: Database): Promise<Map<string, Map<string, string>>> {
  const { rows } = await database.query<{ table: string; name: string; type: string }>(
    `select c.relname::text as table, a.attname::text as name, t.typname::text as type
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid
     where c.relnamespace = 'headworks'::regnamespace and a.attnum > 0`,
  );
  return new Map(
    [...Map.groupBy(rows, (row) => row.table)].map(([table, ofTable]) => [
      table,
      new Map(ofTable.map(({ name, type }) => [name, type])),
    ]),
  );
}
