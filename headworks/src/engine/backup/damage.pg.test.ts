// Tests of what is refused: files that were cut or altered, targets that hold something, and two backups at a time.

import { createHash, type Hash } from "node:crypto";
import { copyFile, open, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { alone } from "../../store/backup/dump.ts";
import { paddingOf, readTarHeader, TAR_BLOCK } from "../../store/backup/tar.ts";
import { createTestDatabase } from "../../testing/database.ts";
import { startEngine } from "../../testing/engine.ts";
import { enlist } from "../../testing/engine-claims.ts";
import { readNumber } from "../../testing/engine-ledger.ts";
import { makeFolder, smallSeason, startStats } from "./backup.fixture.ts";
import { restoreBackup, verifyBackup } from "./restore.ts";
import { type TakenBackup, takeBackup } from "./take.ts";

let folder: Awaited<ReturnType<typeof makeFolder>>;
let taken: TakenBackup;

beforeAll(async () => {
  folder = await makeFolder();
  await using stats = await startStats();
  const season = smallSeason(stats.url, async () => undefined);
  await using engine = await startEngine([season.pipeline], { sources: [season.source] });
  await engine.untilSettled();
  await engine.services.artifacts.recover(engine.db.database);
  const { database } = engine.db;
  taken = await takeBackup({
    database,
    actor: "ada",
    dataDir: engine.dataDir,
    folder: folder.path,
    prefix: "b-",
    files: true,
  });
});
afterAll(() => folder[Symbol.asyncDispose]());

/** A copy of the backup that may be spoiled. */
async function copy(name: string): Promise<string> {
  const path = join(folder.path, name);
  await copyFile(taken.file, path);
  return path;
}

/** Where the first part of a stream begins and ends in the file. */
async function placeOf(stream: string): Promise<{ start: number; end: number }> {
  const file = await readFile(taken.file);
  for (let at = 0; ; ) {
    const entry = readTarHeader(file.subarray(at, at + TAR_BLOCK));
    if (entry === undefined) throw new Error(`the backup has no ${stream}`);
    const start = at + TAR_BLOCK;
    if (entry.folder.startsWith(stream) || entry.file === stream) return { start, end: start + entry.bytes };
    at = start + entry.bytes + paddingOf(entry.bytes);
  }
}

async function flip(path: string, at: number): Promise<void> {
  const file = await open(path, "r+");
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, at);
  await file.write(Buffer.from([(byte[0] ?? 0) ^ 0xff]), 0, 1, at);
  await file.close();
}

describe("a backup's file", () => {
  test("that was cut anywhere is refused as incomplete", async () => {
    const path = await copy("cut.tar");
    for (const share of [0.999, 0.5, 0.01, 0]) {
      await truncate(path, Math.floor(taken.bytes * share));
      await expect(verifyBackup(path)).rejects.toMatchObject({ code: "BACKUP_INCOMPLETE" });
    }
  });

  test.each([
    ["that isn't there", "none.tar", "no such file"],
    ["that is a folder", ".", "is a folder"],
  ])("%s can't be opened, and the error says why", async (_, name, why) => {
    const refused = { code: "BACKUP_NOT_FOUND", message: expect.stringContaining(why) };
    await expect(verifyBackup(join(folder.path, name))).rejects.toMatchObject(refused);
  });

  test.each([
    ["tables/headworks.runs", /headworks\.runs/],
    ["tables/prod.games", /prod\.games/],
    ["archive/", /archive\/[0-9a-f]{64} is not what its name says/],
    ["artifacts/", /artifacts\//],
    ["manifest.json", /manifest/],
  ])("in which a byte of %s was altered is refused, and says so", async (stream, what) => {
    const { start, end } = await placeOf(stream);
    const path = await copy("altered.tar");
    await flip(path, Math.floor((start + end) / 2));

    const refused = { code: "BACKUP_DAMAGED", message: expect.stringMatching(what) };
    await expect(verifyBackup(path)).rejects.toMatchObject(refused);
    await using target = await createTestDatabase();
    await using data = await makeFolder();
    const options = {
      database: target.database,
      actor: "ada",
      dataDir: data.path,
      file: path,
      replace: false,
      files: true,
    };
    await expect(restoreBackup(options)).rejects.toMatchObject(refused);
    // Nothing of it is there: the whole one can be restored at once.
    await restoreBackup({ ...options, file: taken.file });
    expect(await readNumber(target.database, "select count(*) from prod.games")).toBeGreaterThan(0);
  });

  test("with a header altered is refused", async () => {
    const { start } = await placeOf("tables/headworks.runs");
    const path = await copy("header.tar");
    await flip(path, start - 300);

    await expect(verifyBackup(path)).rejects.toMatchObject({ code: "BACKUP_DAMAGED" });
  });

  test.each([
    ["a newer Headworks", /"version": 1(?=\D)/, '"version": 9', "BACKUP_NEWER", "migration 9 core"],
    ["another Headworks", /"hash": "..../, '"hash": "none', "BACKUP_UNSUPPORTED", "migration 1 core"],
  ])(
    "of %s, with other migrations than those known here, is refused",
    async (_of, found, by, code, named) => {
      const path = await copy(`${code}.tar`);
      await rewriteManifest(path, (text) => text.replace(found, by));
      await using target = await createTestDatabase();
      const options = { dataDir: folder.path, file: path, replace: false, files: false };

      const restored = restoreBackup({ database: target.database, actor: "ada", ...options });

      await expect(restored).rejects.toMatchObject({ code, message: expect.stringContaining(named) });
    },
  );
});

/** Puts a manifest of the same length in its place, with the trailer that fits. */
async function rewriteManifest(path: string, change: (text: string) => string): Promise<void> {
  const { start, end } = await placeOf("manifest.json");
  const trailer = await placeOf("trailer.json");
  const file = await readFile(path);
  const text = Buffer.from(change(file.toString("utf8", start, end)));
  text.copy(file, start);
  const sha256: Hash = createHash("sha256").update(text);
  const old = JSON.parse(file.toString("utf8", trailer.start, trailer.end)) as object;
  Buffer.from(`${JSON.stringify({ ...old, sha256: sha256.digest("hex") })}\n`).copy(file, trailer.start);
  await writeFile(path, file);
}

test("a target that holds something is left alone, unless that may be lost; never while workers are on it", async () => {
  await using stats = await startStats();
  await using data = await makeFolder();
  const season = smallSeason(stats.url, async () => undefined, 2);
  const { readEverything } = await import("./backup.fixture.ts");
  const { openWorld } = await import("../../testing/engine.ts");
  await using world = await openWorld([season.pipeline], { sources: [season.source] });
  const { database } = world.db;
  const before = await readEverything(database);
  const options = { database, actor: "ada", dataDir: data.path, file: taken.file, files: false };

  await expect(restoreBackup({ ...options, replace: false })).rejects.toMatchObject({
    code: "RESTORE_NOT_EMPTY",
  });
  await enlist(world);
  await expect(restoreBackup({ ...options, replace: true })).rejects.toMatchObject({
    code: "RESTORE_IN_USE",
  });
  expect(await readEverything(database)).toEqual(before);
  await database.query("delete from headworks.workers");
  await restoreBackup({ ...options, replace: true });

  const rows = (name: string) => taken.manifest.tables.find((table) => table.name === name)?.rows;
  expect(await readNumber(database, "select count(*) from headworks.runs")).toBe(rows("runs"));
  expect(await readNumber(database, "select count(*) from headworks.outputs")).toBe(rows("outputs"));
});

test("a second backup at the same time is refused, and leaves nothing behind", async () => {
  await using db = await createTestDatabase();
  await using target = await makeFolder();
  const { database } = db;
  const options = {
    database,
    actor: "ada",
    dataDir: target.path,
    folder: target.path,
    prefix: "b-",
    files: true,
  };

  await alone(database, async () => {
    await expect(takeBackup(options)).rejects.toMatchObject({ code: "BACKUP_UNDER_WAY" });
  });

  expect(await readdir(target.path)).toEqual([]);
  await expect(takeBackup(options)).resolves.toMatchObject({ file: expect.stringMatching(/b-.*Z\.tar$/) });
});
