// Tests that a backup has the namespaces beside `prod`: their own rows, and the overlays through which they are read.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestDatabase } from "../../testing/database.ts";
import { openWorld, startEngine } from "../../testing/engine.ts";
import { FIRST, pointsIn, REPLAY, SECOND, seasonOf, slice } from "../planning/namespace.fixture.ts";
import { restoreBackup } from "./restore.ts";
import { takeBackup } from "./take.ts";

test("a restored namespace has its own rows, and its overlay above those of prod", async () => {
  const folder = await mkdtemp(join(tmpdir(), "headworks-namespaces-"));
  try {
    await using live = await startEngine([seasonOf({ factor: 1 })]);
    await live.untilSettled();
    await live.stop();
    await using replay = await startEngine([seasonOf({ factor: 10 })], {
      database: live.db,
      namespace: REPLAY,
      selection: [slice("raw", FIRST)],
    });
    await replay.untilRun("raw", FIRST);
    await replay.stop();
    const common = { actor: "ada", files: false };
    const { file } = await takeBackup({
      ...common,
      database: live.db.database,
      dataDir: live.dataDir,
      folder,
      prefix: "by-hand-",
    });

    await using target = await createTestDatabase();
    const { database } = target;
    await restoreBackup({ ...common, database, dataDir: folder, file, replace: false });

    expect(await pointsIn(database, `${REPLAY}_rows.scores`)).toEqual({ [FIRST]: 10 });
    expect(await pointsIn(database, `${REPLAY}.scores`)).toEqual({ [FIRST]: 10, [SECOND]: 2 });
    await using again = await openWorld([seasonOf({ factor: 10 })], { database: target, namespace: REPLAY });
    expect(again.services.namespace).toBe(REPLAY);
    await restoreBackup({ ...common, database, dataDir: folder, file, replace: true });
    expect(await pointsIn(database, `${REPLAY}.scores`)).toEqual({ [FIRST]: 10, [SECOND]: 2 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
