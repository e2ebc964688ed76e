// Tests of scheduled backups: one for each slot whatever the number of processes, the oldest removed, failures on record.

import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Temporal } from "temporal-polyfill";
import { expect, test } from "vitest";
import { listBackups, readBackupStatus } from "../../store/backup/record.ts";
import type { Database } from "../../store/database.ts";
import { createTestDatabase } from "../../testing/database.ts";
import { makeFolder } from "../backup/backup.fixture.ts";
import { takeBackup } from "../backup/take.ts";
import { backupDuty } from "./backups.ts";

const DAY_MS = 86_400_000;
const LAST = Number.MAX_SAFE_INTEGER;

/** Looks once, as housekeeping does every minute. */
function look(database: Database, folder: string): Promise<unknown> {
  const log = { info: () => undefined };
  const duty = backupDuty({ database, dataDir: folder, folder, everyMs: DAY_MS, keep: 2, log });
  return duty.run(Temporal.Now.instant());
}

/** As if what was taken had been taken a day before. */
const passDay = (database: Database) =>
  database.query(
    "update headworks.backups set slot_at = slot_at - interval '1 day', started_at = started_at - interval '1 day'",
  );

test("of many processes one takes the slot's backup, the next slot has its own, and two stay", async () => {
  await using db = await createTestDatabase();
  await using folder = await makeFolder();
  const { database } = db;
  const lookFourTimes = () => Promise.all(Array.from({ length: 4 }, () => look(database, folder.path)));
  const byHand = await takeBackup({
    database,
    actor: "ada",
    dataDir: folder.path,
    folder: folder.path,
    prefix: "headworks-",
    files: true,
  });

  for (let day = 1; day <= 4; day += 1) {
    await lookFourTimes();
    await lookFourTimes();
    const taken = (await listBackups(database, { beforeId: LAST, limit: 100 })).filter(
      (backup) => backup.scheduled,
    );
    expect(taken.map((backup) => backup.state)).toEqual(Array(day).fill("done"));
    await passDay(database);
  }

  const latest = (await listBackups(database, { beforeId: LAST, limit: 2 })).map((backup) => backup.file);
  const left = (await readdir(folder.path)).map((name) => join(folder.path, name));
  expect(left.sort()).toEqual([byHand.file, ...latest].sort());
  const asked = await database.query(
    "select actor, action, count(*)::int as times from headworks.audit_log group by 1, 2 order by 1",
  );
  expect(asked.rows).toEqual([
    { actor: "ada", action: "backups.create", times: 1 },
    { actor: "schedule", action: "backups.create", times: 4 },
  ]);
});

test("a backup that fails is on record, fails its duty until the slot has one, and is tried again later in the same slot", async () => {
  await using db = await createTestDatabase();
  await using folder = await makeFolder();
  const { database } = db;
  const notAFolder = join(folder.path, "file");
  await writeFile(notAFolder, "");

  await expect(look(database, notAFolder)).rejects.toThrow(/can't be written to .*file/);
  await expect(look(database, folder.path)).rejects.toThrow(/the backup of this slot failed on .*file/);

  expect(await listBackups(database, { beforeId: LAST, limit: 10 })).toHaveLength(1);
  expect(await readBackupStatus(database)).toMatchObject({
    age_ms: null,
    last_state: "failed",
    every_ms: DAY_MS,
  });
  await database.query("update headworks.backups set started_at = started_at - interval '16 minutes'");
  await look(database, folder.path);
  await look(database, folder.path);
  expect((await listBackups(database, { beforeId: LAST, limit: 10 })).map((backup) => backup.state)).toEqual([
    "done",
    "failed",
  ]);
});

test("a backup whose process died is told of as failed by the next, which takes the slot", async () => {
  await using db = await createTestDatabase();
  await using folder = await makeFolder();
  const { database } = db;
  await database.query(
    "insert into headworks.backups (state, host, started_at) values ('running', 'gone', now() - interval '1 hour')",
  );

  await look(database, folder.path);

  expect(await listBackups(database, { beforeId: LAST, limit: 10 })).toMatchObject([
    { state: "done", scheduled: true },
    { state: "failed", error: "it was interrupted", host: "gone" },
  ]);
});
