import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "../testing/database.ts";
import { openProxy } from "../testing/proxy.ts";
import { SEASON, startCommand } from "./command.fixture.ts";

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "headworks-cli-"));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const onDatabase = (url: string) => ["--config", SEASON, "--data-dir", dataDir, "--database-url", url];
const COMPLETE_START = ["start", "--until-settled", "--apply-datasets"];

test("Ctrl-C abandons what runs without using up an attempt, and exits 0 when it was to stay up", async () => {
  await using db = await createTestDatabase();
  await using running = startCommand(
    ["start", "--apply-datasets", "--no-progress", "--grace", "0ms", ...onDatabase(db.url)],
    {
      env: { SEASON_FAULT: "hangs" },
    },
  );

  await running.said("hanging");
  running.signal("SIGINT");

  expect(await running.ended).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^draining: \d+ runs? /m),
  });
  const { rows } = await db.database.query(
    "select distinct t.state, t.attempts_used, r.reason from headworks.tasks t join headworks.runs r on r.output_id = t.output_id",
  );
  expect(rows).toEqual([{ state: "ready", attempts_used: 0, reason: "abandoned" }]);
});

test("a second Ctrl-C doesn't wait for what runs: it exits with 130", async () => {
  await using db = await createTestDatabase();
  await using running = startCommand(
    ["start", "--apply-datasets", "--no-progress", "--grace", "3s", ...onDatabase(db.url)],
    { env: { SEASON_FAULT: "hangs" } },
  );

  await running.said("hanging");
  running.signal("SIGINT");
  await running.said("draining");
  running.signal("SIGINT");

  expect((await running.ended).code).toBe(130);
});

test("exits with 130 when it was to run until everything is settled, and was interrupted", async () => {
  await using db = await createTestDatabase();
  await using running = startCommand(
    [...COMPLETE_START, "--no-progress", "--grace", "0ms", ...onDatabase(db.url)],
    { env: { SEASON_FAULT: "hangs" } },
  );

  await running.said("hanging");
  running.signal("SIGINT");

  expect(await running.ended).toMatchObject({ code: 130, stdout: "" });
});

test("goes on when the database goes away and comes back, and says so once each", async () => {
  await using db = await createTestDatabase();
  await using proxy = await openProxy(db.url);
  await using running = startCommand(
    ["start", "--apply-datasets", "--no-progress", "--grace", "0ms", ...onDatabase(proxy.url)],
    {
      env: { SEASON_FAULT: "hangs" },
    },
  );

  await running.said("hanging");
  proxy.cut();
  await running.said("the database does not answer");
  proxy.fix();
  await running.said("the database answers again");
  running.signal("SIGTERM");

  const { code, stderr } = await running.ended;
  expect(code).toBe(0);
  expect(stderr.match(/the database does not answer/g)).toHaveLength(1);
});
