import { mkdtemp, readdir, readlink, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as otherWork } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { isAlive, markOf } from "./liveness.ts";
import { withLock } from "./lock.ts";

test("lets one at a time in", async () => {
  expect(await mostAtOnce(await makeFolder())).toBe(1);
});

test("lets only one of many succeed an owner who died", async () => {
  const folder = await makeFolder();
  await symlink("999999999 long ago", join(folder, "7"));

  expect(await mostAtOnce(folder)).toBe(1);
});

test("is released when the action fails", async () => {
  const folder = await makeFolder();
  await expect(withLock(folder, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");

  expect(await withLock(folder, async () => "in")).toBe("in");
});

test("leaves one link behind, however often it was held", async () => {
  const folder = await makeFolder();
  await mostAtOnce(folder);

  const [link, ...others] = await readdir(folder);

  expect(others).toEqual([]);
  expect(await readlink(join(folder, link ?? ""))).toBe("free");
});

test("tells a process from a later one with the same pid", async () => {
  const mark = await markOf(process.pid);

  expect(await isAlive(mark ?? "")).toBe(true);
  expect(await isAlive(`${process.pid} another start`)).toBe(false);
});

async function mostAtOnce(folder: string): Promise<number> {
  let inside = 0;
  let most = 0;
  const enter = () =>
    withLock(folder, async () => {
      inside += 1;
      most = Math.max(most, inside);
      await otherWork();
      inside -= 1;
    });
  await Promise.all(Array.from({ length: 20 }, enter));
  return most;
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "headworks-lock-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
