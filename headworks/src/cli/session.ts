// Opens the database that a command works on, the embedded one where none is named, and leaves it again.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { formatDuration } from "../domain/duration.ts";
import { HeadworksError } from "../domain/error.ts";
import { PROD } from "../domain/namespace.ts";
import { plural } from "../domain/plural.ts";
import { requireNamespace } from "../inspect/namespaces.ts";
import type { Operator } from "../operate/operator.ts";
import { checkServer, type Database, openDatabase } from "../store/database.ts";
import { listPendingMigrations } from "../store/migrate.ts";
import { actor } from "./actor.ts";
import { EXIT } from "./errors.ts";
import type { GlobalOptions } from "./globals.ts";
import type { NamespaceOptions } from "./options/namespace.ts";
import { writeMessage } from "./render/output.ts";

export interface Store {
  database: Database;
  /** With the password: never to be shown. */
  url: string;
  embedded: boolean;
  /** Starts the embedded server again if it has died; does nothing for another. Throws EMBEDDED_…. */
  revive(): Promise<void>;
  /** Closes the connections, and leaves the embedded server: the last command to leave stops it. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** For how long a server that doesn't answer is tried again, in milliseconds. Default 0. */
  waitMs?: number;
  /** Told of each try, and of what takes long. Default: stderr. */
  say?: (message: string) => void;
  /** Ends the wait. */
  signal?: AbortSignal;
}

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;

/** Opens the database, making the embedded one if there is none. Throws DATABASE_UNREACHABLE, DATABASE_REFUSED, EMBEDDED_…. */
export async function openStore(options: GlobalOptions, opening: OpenOptions = {}): Promise<Store> {
  const { say = writeMessage } = opening;
  if (options.databaseUrl) return openNamed(options.databaseUrl, { ...opening, say });
  return openEmbedded(options.dataDir, say);
}

async function openEmbedded(dataDir: string, say: (message: string) => void): Promise<Store> {
  const { joinEmbeddedServer } = await import("../store/embedded/server.ts");
  const join = () => joinEmbeddedServer({ dataDir, onNotice: say });
  let server = await join();
  const { url } = server;
  const database = openDatabase({ url, role: "cli" });
  return {
    database,
    url,
    embedded: true,
    async revive() {
      const before = server;
      server = await join();
      await before.leave();
    },
    async close() {
      await database.end();
      await server.leave();
    },
  };
}

/**
 * Does a short piece of work on a database that has been migrated, and leaves; Ctrl-C leaves too.
 * Throws NO_DATABASE and NOT_MIGRATED besides what {@link openStore} throws.
 */
export async function withStore<T>(
  options: GlobalOptions,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  requireDatabase(options);
  const store = await openStore(options);
  const leave = () => void store.close().finally(() => process.exit(EXIT.interrupted));
  process.once("SIGINT", leave);
  try {
    await requireMigrated(store.database);
    return await work(store.database);
  } finally {
    process.off("SIGINT", leave);
    await store.close();
  }
}

/** The same for a question about one namespace. Throws UNKNOWN_NAMESPACE too. */
export async function withNamespace<T>(
  options: NamespaceOptions,
  work: (database: Database, namespace: string) => Promise<T>,
): Promise<T> {
  return withStore(options, async (database) => {
    await requireNamespace(database, options.namespace);
    return work(database, options.namespace);
  });
}

/** The same for what changes something: the person at this terminal does it. */
export async function withOperator<T>(
  options: GlobalOptions,
  work: (operator: Operator) => Promise<T>,
): Promise<T> {
  return withStore(options, (database) => work(operatorOf(database)));
}

/** The person at this terminal, as whoever acts on a database. */
export function operatorOf(database: Database): Operator {
  return { database, namespace: PROD, actor: actor() };
}

/** The same for longer work, which closes the store itself and hears of Ctrl-C in its own way. */
export async function openMigratedStore(options: GlobalOptions): Promise<Store> {
  requireDatabase(options);
  const store = await openStore(options);
  try {
    await requireMigrated(store.database);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** A command that only looks makes no database to look into. */
function requireDatabase({ databaseUrl, dataDir }: GlobalOptions): void {
  if (databaseUrl || existsSync(join(dataDir, "postgres"))) return;
  throw new HeadworksError({
    code: "NO_DATABASE",
    message: `there is no database in ${dataDir} yet`,
    hint: "run `headworks start` first, or name another with --data-dir or --database-url",
  });
}

async function requireMigrated(database: Database): Promise<void> {
  const pending = await listPendingMigrations(database);
  if (pending.length === 0) return;
  throw new HeadworksError({
    code: "NOT_MIGRATED",
    message: `Headworks' own tables are not up to date: ${plural(pending.length, "migration is", "migrations are")} not applied yet`,
    hint: "run `headworks migrate`, or `headworks start`, which does it too",
  });
}

type Waiting = OpenOptions & { say: (message: string) => void };

async function openNamed(url: string, waiting: Waiting): Promise<Store> {
  const database = openDatabase({ url, role: "cli" });
  const close = () => database.end();
  try {
    await awaitServer(database, waiting);
    return { database, url, embedded: false, revive: async () => undefined, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** One line for each try; a server that refuses or is too old isn't tried again. */
async function awaitServer(database: Database, { waitMs = 0, say, signal }: Waiting): Promise<void> {
  const deadline = Date.now() + waitMs;
  for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)) {
    try {
      return await checkServer(database);
    } catch (error) {
      const isDown = error instanceof HeadworksError && error.code === "DATABASE_UNREACHABLE";
      const leftMs = deadline - Date.now();
      if (!isDown || leftMs <= 0 || signal?.aborted === true) throw error;
      const pauseMs = Math.min(retryMs, leftMs);
      say(`${error.message}; trying again in ${formatDuration(pauseMs)}, for ${formatDuration(leftMs)} more`);
      await delay(pauseMs, undefined, signal && { signal });
    }
  }
}
