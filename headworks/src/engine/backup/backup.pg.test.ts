// Tests of backups of a pipeline at work: restored elsewhere, compared row by row, and going on there.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestDatabase } from "../../testing/database.ts";
import { startEngine } from "../../testing/engine.ts";
import { readNumber, readOutcomes } from "../../testing/engine-ledger.ts";
import { findOldestPrograms, startTestServer } from "../../testing/server.ts";
import { DAYS, makeFolder, readEverything, smallSeason, startStats } from "./backup.fixture.ts";
import { restoreBackup, verifyBackup } from "./restore.ts";
import { takeBackup } from "./take.ts";

test("a restored backup holds every row and file, on another server too, and goes on where it stood", async () => {
  await restoredElsewhere();
});

const oldest = findOldestPrograms();
test.runIf(oldest !== undefined)(
  "a backup is restored into the oldest PostgreSQL that is supported",
  async () => {
    const server = await startTestServer(oldest);
    try {
      await restoredElsewhere(server.url);
    } finally {
      await server.stop();
    }
  },
);

async function restoredElsewhere(serverUrl?: string): Promise<void> {
  await using stats = await startStats();
  await using folder = await makeFolder();
  await using elsewhere = await makeFolder();
  const underWay = Promise.withResolvers<void>();
  const open = Promise.withResolvers<void>();
  const season = smallSeason(stats.url, async () => {
    underWay.resolve();
    await open.promise;
  });
  await using engine = await startEngine([season.pipeline], { sources: [season.source] });
  await underWay.promise;
  const days = Array.from({ length: DAYS }, (_, index) => `2026-01-0${index + 1}`);
  for (const day of days) await engine.untilRun("publish", day);
  await engine.services.artifacts.recover(engine.db.database);

  const { database } = engine.db;
  const options = {
    database,
    actor: "ada",
    dataDir: engine.dataDir,
    folder: folder.path,
    prefix: "by-hand-",
    files: true,
  };
  const taken = await takeBackup(options);
  expect(taken.manifest.files).toMatchObject({
    archive: { files: DAYS, missing: 0, differing: 0 },
    artifacts: { files: DAYS, missing: 0, differing: 0 },
  });
  await verifyBackup(taken.file);

  await using target =
    serverUrl === undefined ? await createTestDatabase() : await createTestDatabase(serverUrl);
  await restoreBackup({
    database: target.database,
    actor: "ada",
    dataDir: elsewhere.path,
    file: taken.file,
    replace: false,
    files: true,
  });

  expect(await readEverything(target.database)).toEqual(await readEverything(database));
  const restored = await target.database.query(
    "select actor, subject from headworks.audit_log where action = 'backups.restore'",
  );
  expect(restored.rows).toEqual([{ actor: "ada", subject: taken.file }]);
  for (const day of days) {
    const path = join("artifacts", "prod", "days", `${day}.json`);
    expect(await readFile(join(elsewhere.path, path))).toEqual(await readFile(join(engine.dataDir, path)));
  }
  expect(await filesIn(join(elsewhere.path, "archive"))).toEqual(
    await filesIn(join(engine.dataDir, "archive")),
  );

  open.resolve();
  const onward = smallSeason(stats.url, async () => undefined, DAYS + 1);
  await using resumed = await startEngine([onward.pipeline], {
    sources: [onward.source],
    database: target,
    dataDir: elsewhere.path,
  });
  await resumed.untilRun("publish", `2026-01-0${DAYS + 1}`);
  await resumed.untilSettled();

  expect(Object.values(await resumed.ledger())).toEqual(Array((DAYS + 1) * 2 + 1).fill("complete"));
  // The run that was under way was abandoned, and used no attempt: no run is isolated because of a restore.
  expect(await readOutcomes(target.database, "slow")).toEqual(["error / abandoned", "success"]);
  const burnt = "select count(*) from headworks.runs where processor = 'slow' and attempt_used";
  expect(await readNumber(target.database, burnt)).toBe(1);
}

async function filesIn(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).sort();
}
