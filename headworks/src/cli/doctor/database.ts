// Checks the database: that it answers, how safely it is set, what is pending, its clock, the workers that use it.

import type { Finding } from "../../contract/printed.ts";
import { formatDuration } from "../../domain/duration.ts";
import { PROD } from "../../domain/namespace.ts";
import { readBackupStatus } from "../../store/backup/record.ts";
import type { Database } from "../../store/database.ts";
import type { ServerFacts } from "../../store/history/overview.queries.ts";
import { readServer } from "../../store/history/overview.ts";
import { listPendingMigrations } from "../../store/migrate.ts";
import { findCodeVersion } from "../../store/queue/registry.ts";
import { listWorkers } from "../../store/queue/workers.ts";
import type { GlobalOptions } from "../globals.ts";
import { openStore } from "../session.ts";
import { fail, failed, ok, warn } from "./finding.ts";

const CLOCK_TO_WARN_MS = 1_000;
const CLOCK_TO_FAIL_MS = 60_000;

export async function checkDatabase(options: GlobalOptions): Promise<Finding[]> {
  try {
    const store = await openStore(options);
    try {
      return await examine(store.database, store.embedded);
    } finally {
      await store.close();
    }
  } catch (error) {
    return [failed("database", error)];
  }
}

async function examine(database: Database, embedded: boolean): Promise<Finding[]> {
  const before = Date.now();
  const facts = await readServer(database);
  const middle = (before + Date.now()) / 2;
  const pending = await listPendingMigrations(database);
  return [
    ok("database", `PostgreSQL ${facts.version}${embedded ? ", embedded" : ""}`),
    checkDurability(facts),
    checkClock(Date.parse(facts.now) - middle),
    pending.length === 0
      ? ok("migrations", "all are applied")
      : warn(
          "migrations",
          `${pending.length} pending`,
          "run `headworks migrate`; `headworks start` does it too",
        ),
    ...(pending.length === 0 ? [await checkWorkers(database), await checkBackups(database)] : []),
  ];
}

/** What a server acknowledges without having written it down can be lost in a power cut. */
function checkDurability(facts: ServerFacts): Finding {
  const { fsync, full_page_writes, synchronous_commit } = facts;
  const settings = `fsync ${fsync}, full_page_writes ${full_page_writes}, synchronous_commit ${synchronous_commit}`;
  if (fsync === "off" || full_page_writes === "off") {
    return fail(
      "durability",
      settings,
      "switch fsync and full_page_writes on: without them a crash can destroy the database",
    );
  }
  if (synchronous_commit === "off") {
    return warn(
      "durability",
      settings,
      "switch synchronous_commit on: without it a crash loses what was settled last",
    );
  }
  return ok("durability", settings);
}

function checkClock(aheadMs: number): Finding {
  const distance = Math.abs(aheadMs);
  const message = `the database's clock is ${formatDuration(distance)} ${aheadMs < 0 ? "behind" : "ahead of"} this machine's`;
  const hint = "set both clocks by NTP: due times and rates go by the database's";
  if (distance > CLOCK_TO_FAIL_MS) return fail("clock", message, hint);
  return distance > CLOCK_TO_WARN_MS ? warn("clock", message, hint) : ok("clock", message);
}

async function checkWorkers(database: Database): Promise<Finding> {
  const workers = await listWorkers(database);
  const alive = workers.filter((worker) => !worker.lease_expired);
  const version = await findCodeVersion(database, PROD);
  const others = alive.filter((worker) => worker.code_version !== version);
  if (others.length > 0) {
    return warn(
      "workers",
      `${others.length} of ${alive.length} run another code version and get no work`,
      "start them again",
    );
  }
  if (alive.length > 0) return ok("workers", `${alive.length} alive`);
  return warn("workers", "none is running", "run `headworks start`");
}

/** A schedule is late when a slot and a half have gone by. */
async function checkBackups(database: Database): Promise<Finding> {
  const { age_ms, done_file, last_state, last_error, every_ms } = await readBackupStatus(database);
  const last =
    age_ms === null
      ? "none was taken yet"
      : `the last one was taken ${formatDuration(age_ms)} ago: ${done_file}`;
  if (last_state === "failed") {
    return warn(
      "backups",
      `the last try failed: ${last_error}; ${last}`,
      "fix what it says, then run `headworks backups create`; `headworks backups list` has them all",
    );
  }
  if (every_ms !== null && age_ms !== null && age_ms > every_ms * 1.5) {
    return warn(
      "backups",
      `there is to be one every ${formatDuration(every_ms)}; ${last}`,
      "run `headworks start` with --backup-every, or `headworks backups create` now",
    );
  }
  return ok("backups", age_ms === null ? `${last}: \`headworks backups create\` takes one` : last);
}
