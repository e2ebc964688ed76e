import { globSync } from "node:fs";
import { describe, expect, inject, test } from "vitest";
import { createTestDatabase } from "../testing/database.ts";
import { describeQuery } from "../testing/describe-query.ts";
import { findOldestPrograms, startTestServer } from "../testing/server.ts";
import { OLDEST_POSTGRES, serverVersion } from "./database.ts";
import { readQueries } from "./sql.ts";

const aggregates = globSync("*/*.sql", { cwd: import.meta.dirname })
  .filter((file) => !file.startsWith("migrations/"))
  .map((file) => file.slice(0, -4))
  .sort();
const queries = aggregates.flatMap((aggregate) => [...readQueries(aggregate).values()]);

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
    const described = [];
    for (const { name, text } of queries)
      described.push({ name, ...(await describeQuery(connection, text)) });
    expect(described).toEqual(queries.map(({ name, params, returns }) => ({ name, params, returns })));
  } finally {
    connection.release();
  }
}
