// Connections: pools sized by role, timeouts on every statement of ours, transactions, and which errors are worth another try.

import pg from "pg";
import { HeadworksError, messageOf } from "../domain/error.ts";
import { valueParsers } from "./value-parsers.ts";

/** What a query can be run on: the pool, or one connection within a transaction. */
export type Executor = Pick<pg.Pool | pg.PoolClient, "query">;

export interface DatabaseOptions {
  url: string;
  /** What the connections are for; shown in pg_stat_activity. */
  role: string;
  /** The most connections of this pool. Default 4. */
  maxConnections?: number;
  /** Milliseconds; default 60,000. */
  statementTimeoutMs?: number;
}

export type Database = pg.Pool;
export type Connection = pg.PoolClient;

/** The oldest PostgreSQL that is supported. */
export const OLDEST_POSTGRES = 15;

/** Opens a pool. Nothing is connected until the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: `headworks ${options.role}`,
    max: options.maxConnections ?? 4,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    statement_timeout: options.statementTimeoutMs ?? 60_000,
    lock_timeout: 20_000,
    idle_in_transaction_session_timeout: 60_000,
    // Instants are read as UTC, whatever the server's own settings are.
    options: "-c TimeZone=UTC -c DateStyle=ISO",
    types: valueParsers,
  });
  // A connection that breaks while idle is replaced at its next use; the query then tells, if it matters.
  pool.on("error", () => undefined);
  // So is one that breaks between two queries of a transaction: the next of them fails.
  pool.on("connect", (connection) => connection.on("error", () => undefined));
  return pool;
}

/** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
export async function transaction<T>(
  database: Database,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await database.connect();
  let broken: Error | undefined;
  try {
    await connection.query("begin");
    const result = await work(connection);
    await connection.query("commit");
    return result;
  } catch (error) {
    await connection.query("rollback").catch((failed: Error) => {
      broken = failed;
    });
    throw error;
  } finally {
    connection.release(broken);
  }
}

const CONNECTION_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOENT",
  "EAI_AGAIN",
  "ENOTFOUND",
]);

/** Whether the database couldn't be reached or went away, so that the same call may succeed later. */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  if (CONNECTION_CODES.has(code)) return true;
  // 08: connection exception; 57P01–57P03: shut down, crashed, starting up; 53300: too many connections.
  if (/^(08...|57P0[1-5]|53300|25P03)$/.test(code)) return true;
  return /Connection terminated|timeout exceeded when trying to connect|connection error/i.test(
    error.message,
  );
}

/** Whether the transaction lost a race that the same transaction may win: serialization failure, deadlock, lock timeout. */
export function isContention(error: unknown): boolean {
  return error instanceof Error && "code" in error && /^(40001|40P01|55P03)$/.test(String(error.code));
}

/** Fails with one clear line unless the database answers and is new enough. */
export async function checkServer(database: Database): Promise<void> {
  const version = await serverVersion(database);
  if (version >= OLDEST_POSTGRES) return;
  throw new HeadworksError({
    code: "POSTGRES_TOO_OLD",
    message: `the database is PostgreSQL ${version}`,
    hint: `use PostgreSQL ${OLDEST_POSTGRES} or newer`,
  });
}

/** The server's major version. Throws DATABASE_UNREACHABLE or DATABASE_REFUSED, without the address's password. */
export async function serverVersion(database: Database): Promise<number> {
  try {
    const result = await database.query<{ version: number }>(
      "select current_setting('server_version_num')::int4 / 10000 as version",
    );
    return result.rows[0]?.version ?? 0;
  } catch (error) {
    if (isConnectionLoss(error)) {
      throw new HeadworksError({
        code: "DATABASE_UNREACHABLE",
        message: `the database does not answer (${messageOf(error)})`,
        hint: "start it, or correct DATABASE_URL; without one, the embedded PostgreSQL is used",
        cause: error,
      });
    }
    throw new HeadworksError({
      code: "DATABASE_REFUSED",
      message: `the database refuses the connection (${messageOf(error)})`,
      hint: "check the user, password and database in DATABASE_URL",
      cause: error,
    });
  }
}
