// Tests of partitioned tables in a backup: they are read by their parents, and come back in the partitions they were in.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestDatabase } from "../../testing/database.ts";
import type { Database } from "../database.ts";
import { describeSnapshot, dumpTables, withSnapshot } from "./dump.ts";
import { loadTables, makePartitions, restoreSequences, restoring } from "./load.ts";
import { BackupReader } from "./reader.ts";
import { BackupWriter } from "./writer.ts";

const PARENT = `create table headworks.past (
  id bigint generated always as identity, kept text not null, at timestamptz not null, n bigint
) partition by list (kept)`;

async function placesOf(database: Database): Promise<unknown[]> {
  const found = await database.query(
    "select tableoid::regclass::text as place, id, kept, at, n from headworks.past order by id",
  );
  return found.rows;
}

test("rows come back in the partitions of the backup, of several levels, with their settings", async () => {
  await using db = await createTestDatabase();
  await using target = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), "headworks-backup-"));
  const path = join(folder, "backup.tar");
  await db.database.query(`${PARENT};
    create table headworks.past_short partition of headworks.past for values in ('short', 'brief') partition by range (at);
    create table headworks."past short/1" partition of headworks.past_short
      for values from (minvalue) to ('2026-01-01') with (fillfactor = 70);
    create table headworks.past_short_2 partition of headworks.past_short for values from ('2026-01-01') to ('2027-01-01');
    create table headworks.past_rest partition of headworks.past default;
    insert into headworks.past (kept, at, n)
    select (array['short', 'brief', 'long'])[1 + n % 3], timestamptz '2025-12-20' + n * interval '1 hour', n
    from generate_series(1, 500) n`);
  // What stands in the way there: another partition for the same rows.
  await target.database.query(
    `${PARENT}; create table headworks.past_now partition of headworks.past for values in ('short')`,
  );

  try {
    const writer = await BackupWriter.create(path, new Date(0));
    await withSnapshot(db.database, async (snapshot) => {
      const tables = snapshot.catalog.tables.filter(({ name }) => name === "past");
      expect(tables).toHaveLength(1);
      const done = await dumpTables(
        { ...snapshot, catalog: { ...snapshot.catalog, tables } },
        writer,
        () => undefined,
      );
      await writer.finish({ ...(await describeSnapshot(snapshot, done)), files: null });
    });
    await writer.close();
    const backup = await BackupReader.open(path);
    await restoring(target.database, async (connection) => {
      await makePartitions(connection, backup.manifest);
      await loadTables(connection, backup, () => undefined);
      await restoreSequences(connection, backup.manifest);
    });
    await backup.finish();
    await backup.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }

  expect(await placesOf(target.database)).toEqual(await placesOf(db.database));
  const options = "select reloptions from pg_class where relname = 'past short/1'";
  expect((await target.database.query(options)).rows).toEqual([{ reloptions: ["fillfactor=70"] }]);
  const next = "insert into headworks.past (kept, at) values ('long', now()) returning id";
  expect((await target.database.query(next)).rows).toEqual([{ id: 501 }]);
});
