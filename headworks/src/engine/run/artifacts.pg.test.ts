// Tests of artifacts in a whole engine: names that can't be given are refused, and a file that can't be published stops nothing else.

import { existsSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dynamic, single } from "../../define/partition-sets.ts";
import { processor } from "../../define/processor.ts";
import { queue } from "../../define/queue.ts";
import { readHealth } from "../../inspect/read-health.ts";
import { pipelineOf, type RunningEngine, startEngine } from "../../testing/engine.ts";
import { readRuns } from "../../testing/engine-ledger.ts";
import { makeFolder } from "../backup/backup.fixture.ts";

const once = queue("once", { maxAttempts: 1 });

/** A processor that writes these files, one after the other. */
function writes(
  name: string,
  paths: readonly string[],
  needs: Parameters<typeof processor>[1]["needs"] = [],
) {
  return processor(name, {
    phase: "all",
    queue: once,
    needs,
    async run(ctx) {
      for (const path of paths) await ctx.artifact(path, name);
    },
  });
}

const filesOf = async ({ dataDir }: RunningEngine) =>
  (await readdir(join(dataDir, "artifacts", "prod"), { recursive: true })).sort();

async function errorOf({ db }: RunningEngine, name: string): Promise<string> {
  const [run] = await readRuns(db.database, name);
  return String((run?.error as { message?: string } | null)?.message ?? run?.outcome);
}

test("a name that no file can have fails its run at once, and the other partition's file is there, also after a new start", async () => {
  const m = dynamic("m", { within: single() });
  const list = processor("list", {
    phase: "all",
    discovers: m,
    async run(ctx) {
      ctx.discover("m", ["a", "b"]);
      return { records: 2 };
    },
  });
  const page = processor("page", {
    phase: "all",
    queue: once,
    partitions: m,
    needs: [list],
    async run(ctx) {
      await ctx.artifact(ctx.partition === "a" ? `${"x".repeat(300)}.html` : "b.html", "x");
    },
  });
  await using engine = await startEngine([pipelineOf(list, page)]);

  await engine.untilSettled();

  expect(await engine.ledger()).toMatchObject({ "page[a]": "failed / failed", "page[b]": "complete" });
  const [run] = (await readRuns(engine.db.database, "page")).filter(({ partition }) => partition === "a");
  expect(run).toMatchObject({ outcome: "error", reason: "thrown" });
  expect(run?.error).toMatchObject({
    message: expect.stringMatching(/has a part of 305 bytes; 255 are the most/),
  });
  await engine.stop();
  await using again = await startEngine([pipelineOf(list, page)], {
    database: engine.db,
    dataDir: engine.dataDir,
  });
  expect(await filesOf(again)).toEqual(["b.html"]);
});

test("a folder's name where a file is, and a file's where a folder is, are refused and say whose file is in the way", async () => {
  const games = writes("games", ["games", "..hidden.json", "2026/01/14"]);
  const below = writes("below", ["games/2026"], [games]);
  const above = writes("above", ["2026/01"], [games]);
  const top = writes("top", ["2026"], [games]);
  const slash = writes("slash", ["teams/"]);
  const both = writes("both", ["rosters", "rosters/a"]);
  await using engine = await startEngine([pipelineOf(games, below, above, top, slash, both)]);

  await engine.untilSettled();

  expect(await engine.ledger()).toMatchObject({
    "games[all]": "complete",
    "below[all]": "failed / failed",
    "above[all]": "failed / failed",
    "top[all]": "failed / failed",
    "slash[all]": "failed / failed",
    "both[all]": "failed / failed",
  });
  expect(await errorOf(engine, "below")).toMatch(/"games" is a file, of games\[all\]/);
  expect(await errorOf(engine, "above")).toMatch(/"2026\/01\/14" is a file, of games\[all\]/);
  expect(await errorOf(engine, "top")).toMatch(/"2026\/01\/14" is a file, of games\[all\]/);
  expect(await errorOf(engine, "slash")).toMatch(/ends with a \//);
  expect(await errorOf(engine, "both")).toMatch(/"rosters" is a file, of this run/);
  expect(await filesOf(engine)).toEqual(["..hidden.json", "2026", "2026/01", "2026/01/14", "games"]);
});

test("what lies in the data directory and is in no ledger is seen, too", async () => {
  await using folder = await makeFolder();
  const prod = join(folder.path, "artifacts", "prod");
  const into = (name: string, path: string, prepare: () => Promise<unknown>) =>
    processor(name, {
      phase: "all",
      queue: once,
      async run(ctx) {
        await prepare();
        await ctx.artifact(path, name);
      },
    });
  const stray = into("stray", "stray/2026.json", async () => {
    await mkdir(prod, { recursive: true });
    await writeFile(join(prod, "stray"), "by hand");
  });
  const above = into("above", "above", () => mkdir(join(prod, "above"), { recursive: true }));
  await using engine = await startEngine([pipelineOf(stray, above)], { dataDir: folder.path });

  await engine.untilSettled();

  expect(await errorOf(engine, "stray")).toMatch(/a file is where a folder is needed/);
  expect(await errorOf(engine, "above")).toMatch(/there is a folder of that name/);
});

test("files that can't be published stop neither the others nor a start, are named by health, and come once they can", async () => {
  let prod = "";
  // What gets in the way does so between the run's look and its settlement, as another run's file may.
  const blocked = processor("blocked", {
    phase: "all",
    queue: once,
    async run(ctx) {
      await ctx.artifact("blocked/a.json", "a");
      await ctx.artifact("free.json", "b");
      await ctx.artifact("folder.json", "c");
      await mkdir(join(prod, "folder.json", "full"), { recursive: true });
      await writeFile(join(prod, "blocked"), "in the way");
    },
  });
  const other = writes("other", ["other.json"], [blocked]);
  await using place = await makeFolder();
  const dataDir = place.path;
  prod = join(dataDir, "artifacts", "prod");
  await using engine = await startEngine([pipelineOf(blocked, other)], { dataDir });
  await engine.untilSettled();
  expect(existsSync(join(prod, "free.json")) && existsSync(join(prod, "other.json"))).toBe(true);
  await engine.stop();

  await using again = await startEngine([pipelineOf(blocked, other)], { database: engine.db, dataDir });

  const { notes } = await readHealth(again.db.database, "prod");
  expect(notes.map(({ message }) => message)).toEqual([
    expect.stringMatching(
      /^the file blocked\/a\.json of blocked\[all\] can't be published since .*: E(NOTDIR|EXIST)\b.*; remove what is in its way/,
    ),
    expect.stringMatching(
      /^the file folder\.json of blocked\[all\] can't be published since .*: E\w+\b.*; remove what is in its way/,
    ),
  ]);
  const events = await again.db.database.query("select kind, subject from headworks.events order by subject");
  expect(events.rows).toEqual([
    { kind: "artifact.unpublished", subject: "prod/blocked/a.json" },
    { kind: "artifact.unpublished", subject: "prod/folder.json" },
  ]);
  await rm(join(prod, "blocked"));
  await rm(join(prod, "folder.json"), { recursive: true });
  await again.services.artifacts.recover(again.db.database);
  expect((await readHealth(again.db.database, "prod")).notes).toEqual([]);
  expect(await filesOf(again)).toEqual([
    "blocked",
    "blocked/a.json",
    "folder.json",
    "free.json",
    "other.json",
  ]);
});
