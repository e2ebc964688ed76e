// The servers of a run: one PostgreSQL for everybody, durable as Headworks runs it, and a Redis where there is one.

import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { joinEmbeddedServer } from "../../headworks/src/store/embedded/server.ts";
import { urlOf } from "../../headworks/src/testing/server.ts";
import type { Contender, Place } from "./contender.ts";
import { parentOf } from "./cpu.ts";
import { type Redis, startRedis } from "./redis.ts";

/** A fresh database; dropped at the end. */
export interface FreshPlace extends AsyncDisposable {
  place: Place;
}

export interface Servers {
  /** Settings of PostgreSQL that matter to the figures. */
  settings: Record<string, string>;
  redis: Redis | undefined;
  freshPlace(contender: Contender): Promise<FreshPlace>;
  stop(): Promise<void>;
}

/** So many has a Redis unless it is told otherwise. */
const REDIS_DATABASES = 16;

const REPORTED = [
  "server_version",
  "synchronous_commit",
  "fsync",
  "full_page_writes",
  "wal_level",
  "shared_buffers",
  "max_wal_size",
  "checkpoint_timeout",
  "autovacuum_naptime",
  "max_connections",
];

/** Starts them in a new folder of the system's temporary files. */
export async function startServers(): Promise<Servers> {
  const folder = await mkdtemp(join(tmpdir(), "headworks-bench-"));
  await chmod(folder, 0o755);
  const server = await joinEmbeddedServer({ dataDir: folder });
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  const redis = await startRedis(folder);
  const postgresPid = await postmasterOf(admin);
  let databases = 0;
  return {
    settings: await readSettings(admin),
    redis,
    async freshPlace({ needsRedis }) {
      const name = `bench_${++databases}`;
      await admin.query(`create database ${name}`);
      const redisDatabase = databases % REDIS_DATABASES;
      await redis?.empty(redisDatabase);
      return {
        place: {
          folder,
          databaseUrl: urlOf(server.url, name),
          redisPort: redis?.port,
          redisDatabase,
          serverPid: needsRedis ? redis?.pid : postgresPid,
        },
        async [Symbol.asyncDispose]() {
          await admin.query(`drop database if exists ${name} with (force)`);
        },
      };
    },
    async stop() {
      await admin.end();
      await redis?.stop();
      await server.leave();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The process whose children serve the connections. */
async function postmasterOf(admin: pg.Client): Promise<number | undefined> {
  const { rows } = await admin.query<{ pid: number }>("select pg_backend_pid() as pid");
  return rows[0] && parentOf(rows[0].pid);
}

async function readSettings(admin: pg.Client): Promise<Record<string, string>> {
  const { rows } = await admin.query<{ name: string; value: string }>(
    "select name, current_setting(name) as value from unnest($1::text[]) as name",
    [REPORTED],
  );
  return Object.fromEntries(rows.map((row) => [row.name, row.value]));
}
