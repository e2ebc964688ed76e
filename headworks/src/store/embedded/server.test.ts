import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { makeServerFolder } from "../../testing/folder.ts";
import { isRoot } from "./identity.ts";
import { joinElsewhere, joinHere, makeDataDir, query } from "./participant-process.fixture.ts";
import { type EmbeddedServer, joinEmbeddedServer } from "./server.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

test("keeps what was committed from one start to the next", async () => {
  const dataDir = await makeDataDir();
  const first = await joinHere({ dataDir });
  await query(first.url, "CREATE TABLE kept AS SELECT 42 AS answer");
  await first.leave();

  const second = await joinHere({ dataDir });

  expect(second.adopted).toBe(false);
  expect(await query(second.url, "SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
});

test("makes one database for processes that come at the same instant, and stops with the last of them", async () => {
  const dataDir = await makeDataDir();
  const processes = [1, 2, 3, 4].map(() => joinElsewhere({ dataDir }));

  const joined = await Promise.all(processes.map((process) => process.joined));

  expect(new Set(joined.map(({ url }) => url)).size).toBe(1);
  expect(joined.filter(({ adopted }) => !adopted)).toHaveLength(1);
  const firstStarts = joined
    .flatMap(({ notices }) => notices)
    .filter((notice) => notice.includes("first start"));
  expect(firstStarts).toHaveLength(1);
  const url = joined[0]?.url ?? "";
  await Promise.all(processes.slice(1).map((process) => process.leave()));
  expect(await query(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await processes[0]?.leave();
  await expect(query(url, "SELECT 1")).rejects.toMatchObject({ code: "ECONNREFUSED" });
});

test("refuses a database of another major version", async () => {
  const dataDir = await makeDataDir();
  const cluster = join(dataDir, "postgres", "cluster");
  await mkdir(cluster, { recursive: true });
  await writeFile(join(cluster, "PG_VERSION"), "9\n");

  await expect(joinHere({ dataDir })).rejects.toMatchObject({
    code: "EMBEDDED_WRONG_VERSION",
    message: expect.stringContaining("made by PostgreSQL 9, but PostgreSQL 18"),
  });
});

test("shows what PostgreSQL said when it does not start", async () => {
  const dataDir = await makeDataDir();
  const cluster = join(dataDir, "postgres", "cluster");
  await mkdir(cluster, { recursive: true });
  await writeFile(join(cluster, "PG_VERSION"), "18\n");

  await expect(joinHere({ dataDir })).rejects.toMatchObject({
    code: "EMBEDDED_START_FAILED",
    message: expect.stringContaining("could not access the server configuration file"),
  });
});

describe("a running server", () => {
  let dataDir: string;
  let server: EmbeddedServer;
  beforeAll(async () => {
    const folder = await makeServerFolder();
    dataDir = join(folder, "data");
    server = await joinEmbeddedServer({ dataDir, settings: { work_mem: "12MB" } });
    return async () => {
      await server.leave();
      await rm(folder, { recursive: true });
    };
  });

  test("keeps its files and its password to itself", async () => {
    expect(server.dataDir).toBe(join(dataDir, "postgres"));
    expect((await stat(join(server.dataDir, "password"))).mode & 0o777).toBe(0o600);
    expect((await stat(join(server.dataDir, "cluster"))).mode & 0o777).toBe(0o700);
    const { password } = new URL(server.url);
    expect(await readFile(join(server.dataDir, "postgres.log"), "utf8")).not.toContain(password);
  });

  test("asks everybody for the password, also on this machine", async () => {
    const guess = new URL(server.url);
    guess.password = "guess";

    await expect(query(guess.href, "SELECT 1")).rejects.toMatchObject({ code: "28P01" });
    expect(await query(server.url, "SELECT DISTINCT auth_method FROM pg_hba_file_rules")).toEqual([
      { auth_method: "scram-sha-256" },
    ]);
  });

  test("is durable, listens on loopback only, and takes the caller's settings", async () => {
    const wanted = ["fsync", "full_page_writes", "listen_addresses", "synchronous_commit", "work_mem"];

    const settings = await Promise.all(wanted.map((name) => query(server.url, `SHOW ${name}`)));

    expect(Object.assign({}, ...settings.flat())).toEqual({
      fsync: "on",
      full_page_writes: "on",
      listen_addresses: "127.0.0.1",
      synchronous_commit: "on",
      work_mem: "12MB",
    });
  });

  test("counts a process that joins twice as two, and one that leaves twice as one", async () => {
    const second = await joinHere({ dataDir });

    await second.leave();
    await second.leave();

    expect(second).toMatchObject({ adopted: true, url: server.url });
    expect(await query(server.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  test.runIf(isRoot())("runs as another user than root", async () => {
    expect((await stat(join(server.dataDir, "cluster", "postmaster.pid"))).uid).not.toBe(0);
  });
});
