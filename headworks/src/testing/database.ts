// Gives each test a migrated database of its own, cloned from the template.

import { randomUUID } from "node:crypto";
import { inject } from "vitest";
import { type Database, openDatabase } from "../store/database.ts";
import { TEMPLATE, urlOf } from "./server.ts";

/** A database that lives as long as its test: `await using db = await createTestDatabase()`. */
export interface TestDatabase extends AsyncDisposable {
  url: string;
  database: Database;
}

const OBJECT_IN_USE = "55006";

/** Clones the template. `serverUrl` is that of the run's server unless a test has started another. */
export async function createTestDatabase(serverUrl = inject("postgresUrl")): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  await onServer(serverUrl, (server) => cloneTemplate(server, name));
  const url = urlOf(serverUrl, name);
  const database = openDatabase({ url, role: "tests", maxConnections: 8 });
  return {
    url,
    database,
    async [Symbol.asyncDispose]() {
      await database.end();
      await onServer(serverUrl, (server) => server.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/** Only autovacuum can be in the template; PostgreSQL sends it away and waits five seconds before it gives up. */
async function cloneTemplate(server: Database, name: string, triesLeft = 3): Promise<void> {
  try {
    await server.query(`create database ${name} template ${TEMPLATE} strategy file_copy`);
  } catch (error) {
    const inUse = error instanceof Error && "code" in error && error.code === OBJECT_IN_USE;
    if (!inUse || triesLeft === 0) throw error;
    await cloneTemplate(server, name, triesLeft - 1);
  }
}

async function onServer(url: string, work: (server: Database) => Promise<unknown>): Promise<void> {
  const server = openDatabase({ url, role: "tests", maxConnections: 1 });
  try {
    await work(server);
  } finally {
    await server.end();
  }
}
