// Connections: pools sized by role, time limits on both sides of every statement of ours, transactions, and which errors are worth another try.

import pg from "pg";
import { HeadworksError, messageOf } from "../domain/error.ts";
import { verdictOn } from "../domain/foreign-error.ts";
import { valueParsers } from "./value-parsers.ts";

/** What a query can be run on: the pool, or one connection within a transaction. */
export type Executor = Pick<pg.Pool | pg.PoolClient, "query">;

/** The most connections of a pool, by what it is for. A runner settles, claims and stages at once; its handlers read by a pool of their own; a supervisor keeps house. */
const POOL_SIZES: Readonly<Record<string, number>> = { cli: 4, supervisor: 4, runner: 6, reader: 3 };
const DEFAULT_POOL_SIZE = 4;

/**
 * What the engine asks goes by key, in sets of any size, on tables that are empty now and hold a million rows a second
 * later. One plan for a statement then serves all of them, if it may not read whole tables. Before PostgreSQL 18 a scan
 * that can't be avoided counts as so dear then that each execution would be compiled. See decision 0032.
 */
const BY_KEY: ReadonlySet<string> = new Set(["runner", "supervisor"]);
const PLANS_BY_KEY = " -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off";

const STATEMENT_TIMEOUT_MS = 60_000;
/** So much later than the server would have ended a statement, its answer is no longer waited for. */
const ANSWER_GRACE_MS = 5_000;

export interface DatabaseOptions {
  url: string;
  /** What the connections are for: `cli`, `supervisor`, `runner`, `reader`, …; shown in pg_stat_activity. */
  role: string;
  /** The most connections of this pool. Default: by its role. */
  maxConnections?: number;
  /** Milliseconds; default 60,000. */
  statementTimeoutMs?: number;
}

export type Database = pg.Pool;
export type Connection = pg.PoolClient;

/** The oldest PostgreSQL that is supported. */
export const OLDEST_POSTGRES = 15;

declare module "pg" {
  interface QueryConfig {
    /** Milliseconds after which an answer is no longer waited for; the driver's types leave it out. */
    query_timeout?: number;
  }
}

/**
 * How long an answer is waited for, by pool and by the connection of a transaction. The server ends a statement in time;
 * one whose end doesn't come either is on a connection that only seems to be there.
 */
const answerLimits = new WeakMap<object, number>();

/** Milliseconds that an answer is waited for; 0 is for ever. */
export function answerLimitMs(executor: Executor): number {
  return answerLimits.get(executor) ?? 0;
}

/** Opens a pool. Nothing is connected until the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const { role, statementTimeoutMs = STATEMENT_TIMEOUT_MS } = options;
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: `headworks ${role}`,
    max: options.maxConnections ?? POOL_SIZES[role] ?? DEFAULT_POOL_SIZE,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    statement_timeout: statementTimeoutMs,
    lock_timeout: 20_000,
    idle_in_transaction_session_timeout: 60_000,
    // Instants are read as UTC, whatever the server's own settings are. A client that is gone is noticed within a minute.
    options: `-c TimeZone=UTC -c DateStyle=ISO -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3${BY_KEY.has(role) ? PLANS_BY_KEY : ""}`,
    types: valueParsers,
  });
  answerLimits.set(pool, statementTimeoutMs + ANSWER_GRACE_MS);
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
  const query_timeout = answerLimitMs(database);
  answerLimits.set(connection, query_timeout);
  const say = (text: string) => connection.query({ text, query_timeout });
  let broken: Error | undefined;
  try {
    await say("begin");
    const result = await work(connection);
    await say("commit");
    return result;
  } catch (error) {
    // Nothing more is said on a connection that doesn't answer. One to a server that has become read-only is opened anew:
    // the next may lead to another server.
    if (error instanceof Error && (isSilence(error) || codeOf(error) === READ_ONLY)) broken = error;
    else
      await say("rollback").catch((failed: Error) => {
        broken = failed;
      });
    throw error;
  } finally {
    connection.release(broken);
  }
}

/** Lets the statements of a transaction take as long as they take. */
export async function liftTimeLimits(connection: Connection): Promise<void> {
  answerLimits.delete(connection);
  await connection.query("set local statement_timeout = 0");
  await connection.query("set local idle_in_transaction_session_timeout = 0");
}

/** SQLSTATE of a transaction that may not write. */
const READ_ONLY = "25006";

/** The driver's word for an answer that didn't come. */
function isSilence(error: Error): boolean {
  return error.message === "Query read timeout";
}

/** Whether the database couldn't be reached or went away, so that the same call may succeed later. */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (isSilence(error)) return true;
  const code = codeOf(error);
  // A socket of the file system that isn't there is a server that isn't there.
  if (code === "ENOENT" || (code.startsWith("E") && verdictOn(code) === "wait")) return true;
  // 08: connection exception; 57P01–57P05: shut down, crashed, starting up; 53300: too many connections.
  if (/^(08...|57P0[1-5]|53300|25P0[34])$/.test(code)) return true;
  return /Connection terminated|timeout exceeded when trying to connect|connection error/i.test(
    error.message,
  );
}

/**
 * Whether an error speaks of the server and not of what it was asked: it is away, read-only, full, or its settings don't
 * allow it. What was asked is right, and succeeds once that is over.
 */
export function isOfServer(error: unknown): boolean {
  if (isConnectionLoss(error)) return true;
  const verdict = error instanceof pg.DatabaseError ? verdictOn(codeOf(error)) : undefined;
  return verdict === "wait" || verdict === "stop";
}

/** Whether the transaction lost a race that the same transaction may win: serialization failure, deadlock, a time limit. */
export function isContention(error: unknown): boolean {
  return error instanceof pg.DatabaseError && verdictOn(codeOf(error)) === "contend";
}

function codeOf(error: Error): string {
  return "code" in error ? String(error.code) : "";
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
