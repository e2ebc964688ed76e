import { mkdtemp, open, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { trimLog } from "./log.ts";

test("keeps the end of a log that grew too large, and lets the server go on writing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "headworks-log-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "postgres.log");
  const server = await open(path, "a");
  onTestFinished(() => server.close());
  await server.write("a line like others\n".repeat(600_000));
  await server.write("the last line\n");

  await trimLog(path);
  await server.write("a line written afterward\n");

  expect((await stat(path)).size).toBeLessThan(1024 * 1024 + 100);
  const text = await readFile(path, "utf8");
  expect(text.startsWith("a line like others\n")).toBe(true);
  expect(text.endsWith("the last line\na line written afterward\n")).toBe(true);
});

test("has nothing to do before the first start", async () => {
  await expect(trimLog(join(tmpdir(), "no-such-folder", "postgres.log"))).resolves.toBeUndefined();
});
