import { globSync } from "node:fs";
import { describe, expect, inject, test } from "vitest";
import { createTestDatabase } from "../testing/database.ts";
import { type DescribedQuery, describeQuery } from "../testing/describe-query.ts";
import { findOldestPrograms, startTestServer } from "../testing/server.ts";
import { OLDEST_POSTGRES, serverVersion } from "./database.ts";
import type { Field, Query } from "./query-file.ts";
import { readQueries } from "./sql.ts";

const files = globSync("*/*.sql", { cwd: import.meta.dirname })
  .filter((file) => !file.startsWith("migrations/"))
  .sort();
const queries = files.flatMap((file) => readQueries(new URL(file, import.meta.url)));

describe("every query of the store", () => {
  test("has a name of its own, a description and the columns it returns", () => {
    expect(new Set(queries.map((query) => query.name)).size).toBe(queries.length);
    for (const { name, description, cardinality, returns } of queries) {
      expect(`${name}: ${description}`).toMatch(/: \S.{8,}/);
      expect(`${name} returns ${returns.length > 0}`).toBe(`${name} returns ${cardinality !== "exec"}`);
    }
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
  const true_ = `(${described.params}) → ${described.returns.map(({ name, type }) => `${name} ${type}`)}`;
  if (types !== true_) return [`${query.name}: ${types}, but the server says ${true_}`];
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
