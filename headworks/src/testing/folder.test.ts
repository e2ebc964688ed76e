import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeServerFolder } from "./folder.ts";

test("clears what a run left that is no more, and nothing of one that goes on", async () => {
  const own = await makeServerFolder();
  const { pid: dead } = spawnSync(process.execPath, ["--version"]);
  const left = join(dirname(own), `headworks-tests-${dead}-left`);
  await mkdir(left);

  const another = await makeServerFolder();
  onTestFinished(async () => {
    for (const folder of [own, another]) await rm(folder, { recursive: true });
  });

  expect([own, another, left].map((folder) => existsSync(folder))).toEqual([true, true, false]);
});
