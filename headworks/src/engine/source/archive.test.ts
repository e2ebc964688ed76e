// Tests of the archive on disk: content by hash, each once, whole or not at all.

import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openArchive } from "./archive.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "headworks-archive-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const body = Buffer.from("a box score ".repeat(1_000));
const hash = createHash("sha256").update(body).digest("hex");
const file = () => join(directory, hash.slice(0, 2), hash.slice(2, 4), `${hash}.gz`);
const HOUR_MS = 3_600_000;
/** As if nobody had found the file for two hours. */
const age = () => utimes(file(), new Date(Date.now() - 2 * HOUR_MS), new Date(Date.now() - 2 * HOUR_MS));

test("a body is found again by its hash, compressed under ab/cd", async () => {
  const archive = openArchive(directory);

  expect(await archive.put(body)).toBe(hash);
  expect(Buffer.from((await archive.get(hash)) ?? []).equals(body)).toBe(true);
  expect((await stat(file())).size).toBeLessThan(body.length / 10);
});

test("an empty body is a body", async () => {
  const archive = openArchive(directory);
  expect(await archive.get(await archive.put(new Uint8Array()))).toHaveLength(0);
});

test("an unknown hash is undefined", async () => {
  expect(await openArchive(directory).get("0".repeat(64))).toBeUndefined();
});

test("the same content is written once, and the file tells when somebody last relied on it", async () => {
  await openArchive(directory).put(body);
  const { ino } = await stat(file(), { bigint: true });
  await age();

  await openArchive(directory).put(body);

  const found = await stat(file(), { bigint: true });
  expect(found.ino).toBe(ino);
  expect(Date.now() - Number(found.mtimeMs)).toBeLessThan(HOUR_MS);
});

test("a body that is set aside is still read, and written anew by who wants to rely on it", async () => {
  const archive = openArchive(directory);
  await archive.put(body);
  await age();

  expect(await archive.setAside(hash, HOUR_MS)).toBeGreaterThan(0);
  expect(await archive.get(hash)).toHaveLength(body.length);
  // A second look, after a crash, finds it aside.
  expect(await archive.setAside(hash, HOUR_MS)).toBeGreaterThan(0);

  await archive.put(body);
  await archive.discard(hash);
  expect(await archive.get(hash)).toHaveLength(body.length);
});

test("a body that somebody has just found isn't set aside, and one that isn't there is no fault", async () => {
  const archive = openArchive(directory);
  await archive.put(body);
  expect(await archive.setAside(hash, HOUR_MS)).toBe("young");
  expect(await archive.setAside("0".repeat(64), HOUR_MS)).toBeUndefined();
  await age();
  await archive.setAside(hash, HOUR_MS);
  await archive.putBack(hash);
  expect((await stat(file())).size).toBeGreaterThan(0);
});

test("writers who find a body while it is set aside and removed, over and over, have it in the end", async () => {
  const archive = openArchive(directory);
  for (let round = 0; round < 50; round += 1) {
    await archive.put(body);
    await age();
    const remove = async () => {
      if (typeof (await archive.setAside(hash, HOUR_MS)) === "number") await archive.discard(hash);
    };
    await Promise.all([remove(), archive.put(body), archive.put(body)]);
    expect(await archive.get(hash)).toHaveLength(body.length);
  }
});

test("many who write the same content at once leave one whole file and nothing else", async () => {
  const archives = Array.from({ length: 20 }, () => openArchive(directory));

  await Promise.all(archives.map((archive) => archive.put(body)));

  const files = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((each) =>
    each.isFile(),
  );
  expect(files.map((each) => each.name)).toEqual([`${hash}.gz`]);
  expect(await openArchive(directory).get(hash)).toHaveLength(body.length);
});

test.each([
  ["was cut off", () => gzipSync(body).subarray(0, 30)],
  ["has other content", () => gzipSync("something else")],
])("a file that %s is not taken for the body", async (_, content) => {
  const archive = openArchive(directory);
  await archive.put(body);
  await writeFile(file(), content());

  await expect(archive.get(hash)).rejects.toMatchObject({ code: "ARCHIVE_DAMAGED" });
});

test("a directory that can't be written is told", async () => {
  const occupied = join(directory, "occupied");
  await writeFile(occupied, "");

  await expect(openArchive(occupied).put(body)).rejects.toMatchObject({
    code: "ARCHIVE_UNWRITABLE",
    message: expect.stringContaining(occupied),
  });
});
