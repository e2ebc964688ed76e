// Checks by a real connection that the embedded server can be used, and makes the database `headworks` if it isn't there.

import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import { HeadworksError, messageOf } from "../../domain/error.ts";
import { role } from "./cluster.ts";
import { errorCode } from "./failures.ts";

const patienceMs = 10_000;
const pollMs = 10;
const noSuchDatabase = "3D000";
const wrongPassword = "28P01";

/** The address of the server's database, with the password in it: never to be logged. */
export function serverUrl(port: number, password: string, database = role): string {
  return `postgres://${role}:${password}@127.0.0.1:${port}/${database}`;
}

/**
 * True once the server has answered; false when it has ended meanwhile. Called under the lock, so nobody else makes
 * the database at the same time. Throws HeadworksError EMBEDDED_PASSWORD_REFUSED or EMBEDDED_START_FAILED.
 */
export async function isUsable(
  port: number,
  password: string,
  stillRuns: () => Promise<boolean>,
): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      await query(serverUrl(port, password), "SELECT 1");
      return true;
    } catch (thrown) {
      const code = errorCode(thrown);
      if (code === wrongPassword) throw passwordRefused(thrown);
      if (!(await stillRuns())) return false;
      if (performance.now() > deadline) throw unanswered(port, thrown);
      if (code === noSuchDatabase)
        await query(serverUrl(port, password, "postgres"), `CREATE DATABASE ${role}`);
      else await delay(pollMs); // it starts or shuts down, or all its connections are in use
    }
  }
}

async function query(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: patienceMs });
  client.on("error", () => undefined); // also reported by whichever call is under way
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function passwordRefused(cause: unknown): HeadworksError {
  return new HeadworksError({
    code: "EMBEDDED_PASSWORD_REFUSED",
    message: "the embedded PostgreSQL does not accept the password in its password file",
    hint: "put back the password file that belongs to this database; if it is lost, choose another --data-dir",
    cause,
  });
}

function unanswered(port: number, cause: unknown): HeadworksError {
  return new HeadworksError({
    code: "EMBEDDED_START_FAILED",
    message: `the embedded PostgreSQL runs but does not answer on 127.0.0.1:${port}: ${messageOf(cause)}`,
    hint: "see the end of postgres.log in its data directory; if it hangs, end its process, and the next command starts it anew",
    cause,
  });
}
