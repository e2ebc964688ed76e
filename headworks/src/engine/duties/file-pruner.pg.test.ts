// Tests of old files: what a repeat or a kept run needs stays, rows go before files, and what somebody relies on comes back.

import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { transaction } from "../../store/database.ts";
import { lockArchiveGarbage } from "../../store/retention/files.ts";
import type { Pruning } from "../../store/retention/removal.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/database.ts";
import type { FileStores } from "../backup/files.ts";
import { openFileStores } from "../backup/files.ts";
import { openArchive } from "../source/archive.ts";
import { previewFiles, pruneArchive, pruneArtifacts } from "./file-pruner.ts";

const DAY_MS = 86_400_000;
const AGES = { archiveMs: 100 * DAY_MS, artifactsMs: 100 * DAY_MS };

type FileAges = Parameters<typeof pruneArchive>[1];

async function pruneFiles(pruning: Pruning, ages: FileAges, stores: FileStores, how: { always: boolean }) {
  return [await pruneArchive(pruning, ages, stores, how), await pruneArtifacts(pruning, ages, stores, how)];
}

async function openPlace(db: TestDatabase) {
  const folder = await mkdtemp(join(tmpdir(), "headworks-files-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const stores = openFileStores(folder);
  /** A response whose body nobody has found for two days. */
  async function answer(
    body: string,
    { request = "a", status = 200, daysAgo = 200, run }: AnswerOptions = {},
  ): Promise<string> {
    const hash = await stores.archive.put(Buffer.from(body));
    const then = new Date(Date.now() - 2 * DAY_MS);
    await utimes(join(folder, "archive", hash.slice(0, 2), hash.slice(2, 4), `${hash}.gz`), then, then);
    await db.database.query(
      `insert into headworks.raw_documents
         (source, method, url, request_hash, status, headers, hash, bytes, duration_ms, fetched_at, run_id)
       values ('s', 'GET', 'u', $1, $2, '{}', $3, 1, 1, now() - make_interval(days => $4), coalesce($5, gen_random_uuid()))`,
      [request, status, hash, daysAgo, run ?? null],
    );
    return hash;
  }
  const bodies = async () =>
    (await readdir(join(folder, "archive"), { recursive: true }))
      .flatMap((name) => (name.endsWith(".gz") ? [name.slice(-67, -3)] : []))
      .sort();
  const ageGarbage = () =>
    db.database.query("update headworks.archive_garbage set since = since - interval '2 days'");
  const prune = () => pruneFiles({ database: db.database }, AGES, stores, { always: true });
  return { folder, stores, answer, bodies, ageGarbage, prune };
}

interface AnswerOptions {
  request?: string;
  status?: number;
  daysAgo?: number;
  run?: string;
}

async function addRun(db: TestDatabase, options: { output?: number; reason?: string } = {}): Promise<string> {
  const { rows } = await db.database.query<{ id: string }>(
    `insert into headworks.runs (id, task_id, output_id, namespace, processor, partition, attempt, attempt_used, outcome,
       reason, worker_id, code_version, due_at, claimed_at, ended_at)
     values ((lpad(to_hex((extract(epoch from now()) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 19))::uuid,
       1, $1, 'prod', 'p', 'a', 1, true, 'success', $2, gen_random_uuid(), 'v1', now(), now(), now()) returning id`,
    [options.output ?? 1, options.reason ?? null],
  );
  return rows[0]?.id ?? "";
}

test("an old response goes when a newer one answers its request; its body a day later", async () => {
  await using db = await createTestDatabase();
  const place = await openPlace(db);
  const replaced = await place.answer("replaced");
  const failed = await place.answer("failed", { status: 503 });
  const missing = await place.answer("missing", { status: 404 });
  const current = await place.answer("current");
  const gone = await place.answer("gone", { status: 410 });
  const onlyOne = await place.answer("only one", { request: "b" });
  const young = await place.answer("young", { request: "c", daysAgo: 99 });
  await place.answer("newer", { request: "c", daysAgo: 1 });
  const ofRun = await place.answer("of a run", { request: "b2", run: await addRun(db) });
  await place.answer("after it", { request: "b2" });
  expect(await previewFiles(db.database, AGES)).toMatchObject([{ rows: 3, files: 0 }, { rows: 0 }]);

  expect(await place.prune()).toMatchObject([{ rows: 3, files: 0 }, { rows: 0 }]);
  const kept = await db.database.query("select hash from headworks.raw_documents");
  const hashes = kept.rows.map(({ hash }) => hash);
  expect(hashes).toEqual(expect.arrayContaining([current, gone, onlyOne, young, ofRun]));
  for (const hash of [replaced, failed, missing]) expect(hashes).not.toContain(hash);
  expect(await place.bodies()).toHaveLength(10);

  await place.ageGarbage();
  expect(await previewFiles(db.database, AGES)).toMatchObject([{ rows: 0, files: 3 }, { rows: 0 }]);
  expect(await place.prune()).toMatchObject([{ rows: 0, files: 3, bytes: expect.any(Number) }, { rows: 0 }]);
  expect(await place.bodies()).toEqual(hashes.toSorted());
  expect((await db.database.query("select from headworks.archive_garbage")).rowCount).toBe(0);
});

test("a body that was found by a writer, or named again, stays", async () => {
  await using db = await createTestDatabase();
  const place = await openPlace(db);
  const found = await place.answer("found", { status: 500 });
  const named = await place.answer("named", { status: 500 });
  await place.prune();
  await place.ageGarbage();

  await place.stores.archive.put(Buffer.from("found"));
  await place.answer("named", { daysAgo: 0 });

  expect(await place.prune()).toMatchObject([{ files: 0 }, {}]);
  expect(await place.bodies()).toEqual([found, named].sort());
  // The one that nobody named in the end is looked at again.
  const left = await db.database.query("select hash from headworks.archive_garbage");
  expect(left.rows).toEqual([{ hash: found }]);
});

test("a body that is named while it is set aside gets its name back, also after a crash", async () => {
  await using db = await createTestDatabase();
  const place = await openPlace(db);
  const hash = await place.answer("late", { status: 500 });
  await place.prune();
  await place.ageGarbage();
  await transaction(db.database, async (connection) => {
    expect(await lockArchiveGarbage(connection, DAY_MS, 10)).toEqual([{ hash, named: false }]);
    expect(await place.stores.archive.setAside(hash, DAY_MS)).toBeGreaterThan(0);
  });
  await db.database.query(
    `insert into headworks.raw_documents (source, method, url, request_hash, status, headers, hash, bytes, duration_ms, fetched_at, run_id)
     values ('s', 'GET', 'u', 'a', 200, '{}', $1, 1, 1, now(), gen_random_uuid())`,
    [hash],
  );
  expect(await place.stores.archive.get(hash)).toHaveLength(4);

  await place.prune();

  expect(await place.bodies()).toEqual([hash]);
  expect(await readdir(join(place.folder, "archive", ".aside"))).toEqual([]);
});

test("a machine without the archive removes no body, and leaves it to one that has it", async () => {
  await using db = await createTestDatabase();
  const place = await openPlace(db);
  await place.answer("elsewhere", { status: 500 });
  await place.prune();
  await place.ageGarbage();
  const laptop = { ...place.stores, archive: openArchive(join(place.folder, "nowhere")) };

  await pruneFiles({ database: db.database }, AGES, laptop, { always: true });
  expect(await place.bodies()).toHaveLength(1);
  expect(await place.prune()).toMatchObject([{ files: 1 }, {}]);
});

test("artifacts go once they weren't written for as long as their age, unless a run found them unchanged since", async () => {
  await using db = await createTestDatabase();
  const place = await openPlace(db);
  for (const [path, partition, daysAgo] of [
    ["days/old.json", "old", 101],
    ["days/young.json", "young", 99],
    ["unchanged.json", "unchanged", 500],
  ] as const) {
    const file = join(place.folder, "artifacts", "prod", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, path);
    await db.database.query(
      `insert into headworks.artifacts (namespace, path, state, temporary_name, bytes, hash, processor, partition, run_id, settled_at)
       values ('prod', $1, 'published', $1, 7, 'h', 'p', $2, gen_random_uuid(), now() - make_interval(days => $3))`,
      [path, partition, daysAgo],
    );
  }
  await db.database.query(
    `insert into headworks.outputs (id, namespace, processor, partition, opens_at, status)
     overriding system value values (5, 'prod', 'p', 'unchanged', now(), 'complete')`,
  );
  await addRun(db, { output: 5, reason: "unchanged" });
  expect(await previewFiles(db.database, AGES)).toMatchObject([{}, { rows: 1, files: 1, bytes: 7 }]);

  expect(await place.prune()).toMatchObject([{}, { table: "artifacts", rows: 1, files: 1, bytes: 7 }]);

  expect(await readdir(join(place.folder, "artifacts", "prod"), { recursive: true })).toEqual(
    expect.arrayContaining(["days/young.json", "unchanged.json"]),
  );
  const kept = await db.database.query("select path from headworks.artifacts order by path");
  expect(kept.rows).toEqual([{ path: "days/young.json" }, { path: "unchanged.json" }]);
});

test("the walk through what mostly stays is made once a day by the fleet, and without ages never", async () => {
  await using db = await createTestDatabase();
  const place = await openPlace(db);
  const forEver = { archiveMs: undefined, artifactsMs: undefined };
  const rows = async () => (await db.database.query("select from headworks.raw_documents")).rowCount;
  await place.answer("first", { status: 500 });
  await pruneFiles({ database: db.database }, forEver, place.stores, { always: true });
  expect(await rows()).toBe(1);

  await pruneFiles({ database: db.database }, AGES, place.stores, { always: false });
  expect(await rows()).toBe(0);
  await place.answer("second", { status: 500 });
  await pruneFiles({ database: db.database }, AGES, place.stores, { always: false });
  expect(await rows()).toBe(1);
});

test("a body and an artifact that can't be removed keep no other from going, and are told", async () => {
  await using db = await createTestDatabase();
  const place = await openPlace(db);
  const hashes = [await place.answer("one", { status: 500 }), await place.answer("two", { status: 500 })];
  const stuck = hashes[0] ?? "";
  const file = join(place.folder, "archive", stuck.slice(0, 2), stuck.slice(2, 4), `${stuck}.gz`);
  await rm(file);
  await mkdir(join(file, "full"), { recursive: true });
  const then = new Date(Date.now() - 2 * DAY_MS);
  await utimes(file, then, then);
  const prod = join(place.folder, "artifacts", "prod");
  await mkdir(join(prod, "a.json", "full"), { recursive: true });
  await writeFile(join(prod, "b.json"), "b");
  await db.database.query(
    `insert into headworks.artifacts (namespace, path, state, temporary_name, bytes, hash, processor, partition, run_id)
     select 'prod', path, 'expired', path, 1, 'h', 'p', 'a', gen_random_uuid() from unnest(array['a.json', 'b.json']) as path`,
  );

  await pruneArchive(db, AGES, place.stores, { always: true });
  await place.ageGarbage();
  await expect(pruneArchive(db, AGES, place.stores, { always: true })).rejects.toThrow(/directory/);
  await expect(pruneArtifacts(db, AGES, place.stores, { always: true })).rejects.toThrow(/directory/);

  expect(await readdir(prod)).toEqual(["a.json"]);
  const left = await db.database.query("select path from headworks.artifacts");
  expect(left.rows).toEqual([{ path: "a.json" }]);
  const garbage = await db.database.query("select hash from headworks.archive_garbage");
  expect(garbage.rows).toEqual([{ hash: stuck }]);
});
