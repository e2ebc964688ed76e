import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, watch } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { joinElsewhere, joinHere, kill, makeDataDir, query } from "./participant-process.fixture.ts";
import { findPostmaster, readPostmaster } from "./postmaster.ts";

vi.setConfig({ testTimeout: 60_000 });

test("goes on when its users are interrupted or killed, and is found and stopped by the next", async () => {
  const dataDir = await makeDataDir();
  const killed = joinElsewhere({ dataDir });
  const { url } = await killed.joined;
  const interrupted = joinElsewhere({ dataDir }, { detached: true }); // leads a group, as in a terminal
  await interrupted.joined;

  await Promise.all([kill(killed.child), pressCtrlC(interrupted.child)]);
  const server = await joinHere({ dataDir });

  expect(server).toMatchObject({ adopted: true, url });
  await server.leave();
  expect(await readPostmaster(join(server.dataDir, "cluster"))).toBeUndefined();
});

test.each(["SIGKILL", "SIGQUIT", "SIGINT"] as const)(
  "starts a server that got %s again, where those who still use it look for it, with all that was committed",
  async (signal) => {
    const dataDir = await makeDataDir();
    const before = await joinHere({ dataDir });
    await query(before.url, "CREATE TABLE kept AS SELECT 42 AS answer");
    const postmaster = await readPostmaster(join(before.dataDir, "cluster"));
    process.kill(Number(postmaster?.pid), signal);
    await expect
      .poll(() => findPostmaster(join(before.dataDir, "cluster")), { timeout: 30_000 })
      .toBeUndefined();

    const after = await joinHere({ dataDir });

    expect(after).toMatchObject({ adopted: false, url: before.url });
    expect(await query(before.url, "SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
  },
);

test.runIf(process.platform === "linux")(
  "waits for a killed server whose parent has not yet taken note of its end",
  async () => {
    const dataDir = await makeDataDir();
    const parent = joinElsewhere({ dataDir });
    const home = (await parent.joined).dataDir;
    const postmaster = await readPostmaster(join(home, "cluster"));
    parent.child.kill("SIGSTOP");
    process.kill(Number(postmaster?.pid), "SIGKILL");

    const joining = joinHere({ dataDir });
    await untilLogged(join(home, "postgres.log"), 'lock file "postmaster.pid" already exists');
    parent.child.kill("SIGCONT");

    expect((await joining).adopted).toBe(false);
  },
);

test("does not mistake a process that got a dead server's pid for the server", async () => {
  const dataDir = await makeDataDir();
  const before = await joinHere({ dataDir });
  await before.leave();
  const cluster = join(before.dataDir, "cluster");
  const { port } = new URL(before.url);
  await writeFile(
    join(cluster, "postmaster.pid"),
    `1\n${cluster}\n1\n${port}\n${cluster}\n127.0.0.1\n1 1\nready\n`,
  );
  await writeFile(join(cluster, `.s.PGSQL.${port}.lock`), "1\n");

  const after = await joinHere({ dataDir });

  expect(after.adopted).toBe(false);
  expect(await query(after.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("begins anew when making the database was interrupted", async () => {
  const dataDir = await makeDataDir();
  const folder = join(dataDir, "postgres");
  await mkdir(folder, { recursive: true });
  const halfWay = untilInitializing(folder);
  const { child, joined } = joinElsewhere({ dataDir });
  joined.catch(() => undefined); // it won't get so far
  await halfWay;
  await kill(child);
  expect(existsSync(join(folder, "cluster"))).toBe(false);

  const server = await joinHere({ dataDir });

  expect(await query(server.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  expect((await readdir(folder)).filter((name) => name.startsWith("init-"))).toEqual([]);
});

/** The terminal's Ctrl-C goes to every process of the group. */
async function pressCtrlC(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  process.kill(-Number(child.pid), "SIGINT");
  await gone;
}

/** Until initdb writes its files: it has its own folder in the one that appears. */
function untilInitializing(folder: string): Promise<void> {
  return new Promise((resolve) => {
    const outer = watch(folder, (_event, name) => {
      if (!name?.startsWith("init-")) return;
      outer.close();
      const inner = watch(join(folder, name), (_kind, part) => {
        if (part !== "cluster") return;
        inner.close();
        resolve();
      });
    });
  });
}

async function untilLogged(log: string, text: string): Promise<void> {
  const changes = watch(log);
  try {
    while (!(await readFile(log, "utf8")).includes(text)) await once(changes, "change");
  } finally {
    changes.close();
  }
}
