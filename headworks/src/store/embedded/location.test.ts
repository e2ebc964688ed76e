import { spawnSync } from "node:child_process";
import { chmod, chown, cp, lstat, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { packagedFolder } from "./binaries.ts";
import { isRoot } from "./identity.ts";
import { joinElsewhere, joinHere, makeDataDir, query } from "./participant-process.fixture.ts";

vi.setConfig({ testTimeout: 60_000 });

const ordinary = { uid: 65534, gid: 65534 };
/** False in a checkout that only root may enter. */
const ordinaryUserCanReachUs =
  isRoot() && spawnSync(process.execPath, ["--check", import.meta.filename], ordinary).status === 0;

test("says so when the data directory cannot be written", async () => {
  const dataDir = await makeDataDir();
  await writeFile(dataDir, "a file is in its place");

  await expect(joinHere({ dataDir })).rejects.toMatchObject({
    code: "DATA_DIR_UNWRITABLE",
    hint: expect.stringContaining("--data-dir"),
  });
});

test.runIf(isRoot())(
  "keeps data and programs where PostgreSQL's user can reach them, and says where",
  async () => {
    const { dataDir, folder } = await makeClosedDataDir();
    const binaries = join(dirname(dataDir), "native");
    await cp(packagedFolder(), binaries, { recursive: true, filter: isNoLink }); // as without install scripts
    const options = { dataDir, binaries, relocateTo: join(folder, "elsewhere") };

    const first = joinElsewhere(options);
    const joined = await first.joined;
    await query(joined.url, "CREATE TABLE kept AS SELECT 42 AS answer");
    await first.leave();
    const next = joinElsewhere(options);
    const again = await next.joined;

    expect(dirname(joined.dataDir)).toBe(options.relocateTo);
    expect(joined.notices.join("\n")).toContain(`its data is kept in ${joined.dataDir}`);
    expect(joined.notices.join("\n")).toContain(`copied to ${options.relocateTo}`);
    expect(again.dataDir).toBe(joined.dataDir);
    expect(again.notices).toEqual([expect.stringContaining(joined.dataDir)]);
    expect(await query(again.url, "SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
    await next.leave();
  },
);

test.runIf(isRoot())("does not begin an empty database when the full one is unreachable", async () => {
  const { dataDir } = await makeClosedDataDir();
  const cluster = join(dataDir, "postgres", "cluster");
  await mkdir(cluster, { recursive: true });
  await chown(cluster, ordinary.uid, ordinary.gid);

  await expect(joinHere({ dataDir })).rejects.toMatchObject({ code: "EMBEDDED_DATA_UNREACHABLE" });
});

test.runIf(ordinaryUserCanReachUs)("serves an ordinary user, privately", async () => {
  const dataDir = await makeDataDir();
  await mkdir(dataDir);
  await chown(dataDir, ordinary.uid, ordinary.gid);

  const participant = joinElsewhere({ dataDir }, ordinary);
  const joined = await participant.joined;

  expect(joined.dataDir).toBe(join(dataDir, "postgres"));
  expect(await stat(joined.dataDir)).toMatchObject({ uid: ordinary.uid, mode: 0o40700 });
  expect(await query(joined.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await participant.leave();
});

test.runIf(ordinaryUserCanReachUs)("refuses an ordinary user the data directory of root", async () => {
  const dataDir = await makeDataDir();
  await mkdir(dataDir);

  const { joined } = joinElsewhere({ dataDir }, ordinary);

  expect(await joined).toEqual({ code: "DATA_DIR_UNWRITABLE" });
});

test("says that the disk is full, and finishes once it no longer is", async (context) => {
  const dataDir = await makeDataDir();
  await mkdir(dataDir);
  if (!mountSmallDisk(dataDir)) {
    console.warn("NOT TESTED: a full disk; mounting a small one takes root and Linux");
    context.skip("no small disk can be mounted here");
  }
  await chmod(dataDir, 0o755);

  await expect(joinHere({ dataDir })).rejects.toMatchObject({
    code: "DISK_FULL",
    hint: expect.stringContaining("free some space"),
  });
  mount("-o", "remount,size=200m", dataDir);
  const server = await joinHere({ dataDir });

  expect(await query(server.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await server.leave();
});

async function isNoLink(path: string): Promise<boolean> {
  return !(await lstat(path)).isSymbolicLink();
}

function mountSmallDisk(folder: string): boolean {
  const mounted = mount("-t", "tmpfs", "-o", "size=8m", "tmpfs", folder);
  if (mounted) onTestFinished(() => void spawnSync("/bin/sh", ["-c", 'umount "$1"', "sh", folder]));
  return mounted;
}

function mount(...args: string[]): boolean {
  return spawnSync("/bin/sh", ["-c", 'mount "$@"', "sh", ...args]).status === 0;
}

/** In a folder that only root may enter, like a checkout in /root; not in memory, where programs may not run. */
async function makeClosedDataDir(): Promise<{ dataDir: string; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "headworks-closed-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  await mkdir(join(folder, "closed"), { mode: 0o700 });
  return { dataDir: join(folder, "closed", "data"), folder };
}
