import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCommand, SEASON, startCommand } from "./command.fixture.ts";

/** PostgreSQL may run as another user than ourselves, who must get there. */
async function makeDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), "headworks-cli-"));
  await chmod(dataDir, 0o755);
  return dataDir;
}

test("makes a database of its own, uses it again, and stops it when it leaves", async () => {
  const dataDir = await makeDataDir();
  const options = ["--config", SEASON, "--data-dir", dataDir];
  try {
    const migrated = await runCommand(["migrate", "--datasets", ...options]);
    const ran = await runCommand(["run", "schedule", "--partition", "2026-01-02", ...options]);
    const doctor = await runCommand(["doctor", "--json", ...options]);

    expect(migrated).toMatchObject({ code: 0, stdout: expect.stringContaining("applied migration 1 core") });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain("outcome    no_data_available: a day without games");
    expect(doctor.code).toBe(0);
    const { findings } = JSON.parse(doctor.stdout);
    const states = findings.map(({ check, state }: { check: string; state: string }) => `${check} ${state}`);
    expect(states).toEqual([
      ...["node ok", "programs ok", "data directory ok", expect.stringMatching(/^disk /)],
      ...[
        "configuration ok",
        "secrets ok",
        "database ok",
        "durability ok",
        "clock ok",
        "migrations ok",
        "workers warn",
        "backups ok",
      ],
    ]);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});

test("starts its database again when that is killed, and goes on", async () => {
  const dataDir = await makeDataDir();
  try {
    await using running = startCommand(
      [
        "start",
        "--config",
        SEASON,
        "--data-dir",
        dataDir,
        "--apply-datasets",
        "--no-progress",
        "--grace",
        "0ms",
      ],
      { env: { SEASON_FAULT: "hangs" } },
    );
    await running.said("hanging");
    const pidFile = await readFile(join(dataDir, "postgres", "cluster", "postmaster.pid"), "utf8");
    process.kill(Number(pidFile.split("\n")[0]), "SIGKILL");
    await running.said("the database answers again");
    running.signal("SIGINT");

    expect((await running.ended).code).toBe(0);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
