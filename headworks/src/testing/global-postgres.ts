// Vitest's global set-up of every project that needs PostgreSQL: one server for the whole test run.

import type { TestProject } from "vitest/node";
import { startTestServer, type TestServer } from "./server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The address of the test server's administrative database. */
    postgresUrl: string;
  }
}

/** Each project loads this file anew, so the one server is kept where all of them see it. */
interface Shared {
  server: Promise<TestServer>;
  users: number;
}
const KEY = Symbol.for("headworks.test-server");
const registry = globalThis as typeof globalThis & { [KEY]?: Shared };

/**
 * Starts the server, or joins the one that another project started; the last project to end stops it.
 * The folder HEADWORKS_TEST_BINARIES, with bin/postgres, replaces the PostgreSQL that is tested with.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  registry[KEY] ??= { server: startTestServer(process.env.HEADWORKS_TEST_BINARIES || undefined), users: 0 };
  const shared = registry[KEY];
  shared.users++;
  const server = await shared.server;
  project.provide("postgresUrl", server.url);
  return async () => {
    shared.users--;
    if (shared.users > 0) return;
    delete registry[KEY];
    await server.stop();
  };
}
