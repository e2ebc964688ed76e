import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestDatabase } from "../testing/database.ts";
import { readNumber } from "../testing/engine-ledger.ts";
import { runCommand, SEASON, startCommand } from "./command.fixture.ts";

test("a season is backed up, verified, restored into another database by the command, and is healthy there", async () => {
  await using db = await createTestDatabase();
  await using target = await createTestDatabase();
  await using folder = await makeFolder();
  const on = (url: string) => ["--data-dir", folder.path, "--database-url", url];
  await runCommand(["start", "--until-settled", "--apply-datasets", "--config", SEASON, ...on(db.url)]);

  const backedUp = await runCommand(["backups", "create", "--json", ...on(db.url)]);
  expect(backedUp).toMatchObject({ code: 0, stderr: "" });
  const { file, rows, files } = JSON.parse(backedUp.stdout);
  expect({ rows, files }).toMatchObject({ rows: expect.any(Number), files: { archive: { files: 0 } } });
  const verified = await runCommand(["backups", "verify", file]);
  expect(verified).toMatchObject({ code: 0, stdout: expect.stringContaining(`${file} is whole`) });
  const restored = await runCommand(["restore", file, ...on(target.url)]);
  expect(restored).toMatchObject({ code: 0, stdout: expect.stringContaining("every row was compared") });
  const again = await runCommand(["restore", file, "--json", ...on(target.url)]);
  expect(again.code).toBe(2);
  expect(JSON.parse(again.stderr)).toMatchObject({ error: { code: "RESTORE_NOT_EMPTY" } });
  const health = await runCommand(["health", "--json", ...on(target.url)]);
  expect(JSON.parse(health.stdout)).toMatchObject({ verdict: "good", complete: true });
  const listed = await runCommand(["backups", "list", "--json", ...on(db.url)]);
  expect(JSON.parse(listed.stdout)).toMatchObject({ items: [{ state: "done", scheduled: false, file }] });
});

test.each(["SIGKILL", "SIGINT"] as const)(
  "%s in the middle leaves no backup under a final name, and the next one is taken",
  async (signal) => {
    await using db = await createTestDatabase();
    await using folder = await makeFolder();
    const on = ["--data-dir", folder.path, "--database-url", db.url, "--to", join(folder.path, "b")];
    // Enough for the backup to be at it for a while: it has no reason to stop in between.
    await db.database.query(
      `insert into headworks.run_logs (run_id, seq, at, severity, message)
     select gen_random_uuid(), 1, now(), 'INFO', repeat(md5(random()::text), 8) from generate_series(1, 400000)`,
    );

    await using running = startCommand(["backups", "create", ...on]);
    const partial = async () =>
      (await readdir(join(folder.path, "b")).catch(() => [])).filter((name) => name.endsWith(".partial"));
    await expect.poll(partial, { interval: 5, timeout: 30_000 }).toHaveLength(1);
    running.signal(signal);
    const { code } = await running.ended;

    const left = await readdir(join(folder.path, "b"));
    expect(left.filter((name) => name.endsWith(".tar"))).toEqual([]);
    expect({ code, left: left.length }).toEqual(
      signal === "SIGINT" ? { code: 130, left: 0 } : { code: null, left: 1 },
    );
    const ended =
      "select count(*) from pg_stat_activity where application_name = 'headworks cli' and datname = current_database()";
    await expect.poll(() => readNumber(db.database, ended), { timeout: 30_000 }).toBe(0);
    expect(await runCommand(["backup", ...on])).toMatchObject({ code: 0 });
    const states = await db.database.query<{ state: string }>(
      "select state from headworks.backups order by id",
    );
    expect(states.rows.map(({ state }) => state)).toEqual(["failed", "done"]);
  },
);

test("a fleet takes the slot's backup by itself, and the doctor tells of it", async () => {
  await using db = await createTestDatabase();
  await using folder = await makeFolder();
  const on = ["--config", SEASON, "--data-dir", folder.path, "--database-url", db.url];
  await using fleet = startCommand([
    ...["start", "--apply-datasets", "--no-progress", "--grace", "0ms"],
    ...["--backup-every", "24h", "--backup-dir", join(folder.path, "b"), ...on],
  ]);
  await fleet.said("backed up to");
  fleet.signal("SIGTERM");
  expect((await fleet.ended).code).toBe(0);

  const names = await readdir(join(folder.path, "b"));
  expect(names).toEqual([expect.stringMatching(/^scheduled-.*Z\.tar$/)]);
  const doctor = await runCommand(["doctor", "--json", ...on]);
  expect(JSON.parse(doctor.stdout).findings).toContainEqual(
    expect.objectContaining({
      check: "backups",
      state: "ok",
      message: expect.stringContaining(names[0] ?? ""),
    }),
  );
  await db.database.query(
    "insert into headworks.backups (state, host, ended_at, error) values ('failed', 'h', now(), 'the disk is full')",
  );
  const warned = await runCommand(["doctor", "--json", ...on]);
  expect(JSON.parse(warned.stdout).findings).toContainEqual(
    expect.objectContaining({
      check: "backups",
      state: "warn",
      message: expect.stringContaining("the disk is full"),
    }),
  );
});

async function makeFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "headworks-cli-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
