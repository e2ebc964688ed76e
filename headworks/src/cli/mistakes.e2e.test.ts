import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "../testing/database.ts";
import { runCommand, SEASON } from "./command.fixture.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "headworks-cli-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A port on which nobody listens. */
const NOBODY = "postgres://somebody:hidden-password@127.0.0.1:1/none";

const run = (...args: string[]) => runCommand(args, { cwd: folder });

test.for([
  [["helth"], "error: unknown command 'helth'\n→ did you mean health? [USAGE]\n"],
  [["start", "--runner", "2"], "error: unknown option '--runner'\n→ did you mean --runners? [USAGE]\n"],
  [["outputs", "lst"], "error: unknown command 'lst'\n→ did you mean list? [USAGE]\n"],
  [
    ["outputs", "list", "--status", "complet"],
    "error: unknown status complet\n→ did you mean complete? [UNKNOWN_STATUS]\n",
  ],
  [
    ["runs", "list", "--outcome", "timeot"],
    "error: unknown outcome timeot\n→ did you mean timeout? [UNKNOWN_OUTCOME]\n",
  ],
  [
    ["start", "--grace", "10"],
    'error: "10" is not a duration\n→ write a number and a unit, such as "500ms", "10s" or "5m" [OPTION_INVALID]\n',
  ],
  [
    ["run"],
    "error: missing required argument 'processor'\n→ for example: headworks run box_scores_raw --partition 2026-01-14 [USAGE]\n",
  ],
  [
    ["tasks", "--json", "list", "--limit", "10001"],
    '{"error":{"code":"OPTION_INVALID","message":"\\"10001\\" is not a whole number from 1 to 10000","hint":"write one, such as 1"}}\n',
  ],
  [
    ["tasks", "prioritise"],
    "error: missing required argument 'processor'\n→ for example: headworks tasks prioritize box_scores 2026-01-14 --priority 0 [USAGE]\n",
  ],
  [
    ["tasks", "add", "box_scores", ""],
    "error: tasks.add: partitions.0 must not be empty\n→ correct the named fields [INPUT_INVALID]\n",
  ],
  [
    ["failures", "retry"],
    "error: choose which failed tasks to retry\n→ name a failure, give a filter such as --processor, or --all [USAGE]\n",
  ],
  [
    ["failed", "ignore", "3f9a0c12"],
    "error: choose how long the failure is ignored\n→ give --until, --above, or both [USAGE]\n",
  ],
] as const)("%o exits with 2 and says what was probably meant", async ([args, stderr]) => {
  expect(await run(...args)).toEqual({ code: 2, stdout: "", stderr });
});

test.for([
  "dev",
  "start",
  "run",
  "status",
  "health",
  "outputs list",
  "runs list",
  "runs show",
  "logs",
  "tasks add",
  "failures retry",
  "migrate",
  "doctor",
])("%s --help shows an example, on stdout", async (command) => {
  const { code, stdout, stderr } = await run(...command.split(" "), "--help");

  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^Usage: headworks /);
  expect(stdout).toMatch(/Examples?:\n {2}\$ headworks /);
  expect(stdout).toContain("--json");
});

test("shows the version, and the help of a command by `help`", async () => {
  for (const flag of ["--version", "-V"]) expect((await run(flag)).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  for (const args of [
    ["help", "health"],
    ["health", "-h"],
  ])
    expect((await run(...args)).stdout).toMatch(/^Usage: headworks health /);
  const overview = (await run("-h")).stdout;
  expect(overview).toMatch(/^ {2}failures /m);
  expect(overview).not.toMatch(/^ {2}failed /m);
});

test("lists every mistake of a configuration at once and exits with 2", async () => {
  await writeFile(
    join(folder, "processors.yaml"),
    [
      "pipeline: nba",
      "phases: [raw]",
      "processors:",
      "  - {name: Box-Scores, phase: raw, run: {command: [true]}}",
      "  - {name: standings, phase: row, dependencies: [box_scores], run: {command: [true]}}",
    ].join("\n"),
  );

  const plain = await run("start", "--config", "processors.yaml");
  const json = await run("start", "--config", "processors.yaml", "--json");

  expect(plain).toMatchObject({ code: 2, stdout: "" });
  const { error } = JSON.parse(json.stderr);
  expect(error.code).toBe("CONFIGURATION_INVALID");
  expect(error.problems.length).toBeGreaterThan(1);
  for (const problem of error.problems)
    expect(plain.stderr).toContain(`${problem.where}: ${problem.message}`);
});

test("says what to do when there is no configuration, or no database to look into", async () => {
  await mkdir(join(folder, "empty"));
  const noConfiguration = await runCommand(["start"], { cwd: join(folder, "empty") });
  const noDatabase = await run("health");

  expect(noConfiguration).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("[CONFIGURATION_NOT_FOUND]"),
  });
  expect(noDatabase).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("there is no database in .headworks yet"),
  });
});

test("exits with 3 after one clear line when the database is down, and keeps the password to itself", async () => {
  const { code, stdout, stderr } = await run("health", "--database-url", NOBODY);

  expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
  expect(stderr).toMatch(/^error: the database does not answer \(.+\)\n→ .+ \[DATABASE_UNREACHABLE\]\n$/);
  expect(stderr).not.toContain("hidden-password");
});

test("start tries a database that is down again, with a line for each try", async () => {
  const { code, stderr } = await run(
    "start",
    "--config",
    SEASON,
    "--database-url",
    NOBODY,
    "--wait",
    "600ms",
  );

  expect(code).toBe(3);
  expect(stderr.match(/^the database does not answer .+ trying again in .+$/gm)?.length).toBeGreaterThan(0);
  expect(stderr).toContain("[DATABASE_UNREACHABLE]");
});

test("exits with 2 when the data directory can't be written to", async () => {
  await writeFile(join(folder, "a-file"), "");

  const { code, stderr } = await run("migrate", "--data-dir", join(folder, "a-file"));

  expect(code).toBe(2);
  expect(stderr).toMatch(/^error: the data directory .+\n→ .+ \[DATA_DIR_UNWRITABLE\]\n$/);
});

test("an unknown processor, run or partition is answered with those that there are", async () => {
  await using db = await createTestDatabase();
  const options = ["--config", SEASON, "--database-url", db.url];
  await run("migrate", "--datasets", ...options);
  const said = async (...args: string[]) => {
    const { code, stderr } = await run(...args, ...options);
    return { code, stderr };
  };

  expect(await said("run", "standing")).toEqual({
    code: 2,
    stderr: "error: unknown processor standing\n→ did you mean standings? [UNKNOWN_PROCESSOR]\n",
  });
  expect(await said("run", "schedule")).toEqual({
    code: 2,
    stderr:
      "error: schedule has many partitions, and none was named\n→ name one with --partition, such as 2026-01-03, 2026-01-02, 2026-01-01 [PARTITION_NEEDED]\n",
  });
  expect(await said("run", "schedule", "--partition", "2026-01-04")).toEqual({
    code: 2,
    stderr:
      "error: schedule has no partition 2026-01-04\n→ there are, among others: 2026-01-03, 2026-01-02, 2026-01-01 [UNKNOWN_PARTITION]\n",
  });
  expect(await said("runs", "show", "schedule")).toEqual({
    code: 2,
    stderr:
      "error: schedule has more than one partition\n→ name one of them: 2026-01-03, 2026-01-02, 2026-01-01 [PARTITION_NEEDED]\n",
  });
  expect(await said("runs", "show", "01a2027e-5bb4-7343")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("[RUN_UNKNOWN]"),
  });
  expect(await said("logs", "--follow", "--outcome", "error")).toMatchObject({ code: 2 });
  expect(await said("outputs", "list", "--cursor", "17")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("[CURSOR_INVALID]"),
  });
});

test("reading commands say that a database was never migrated", async () => {
  await using db = await createTestDatabase();
  await db.database.query("drop schema headworks cascade");

  expect(await run("status", "--database-url", db.url)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("[NOT_MIGRATED]"),
  });
});

test("writes colors only where they were asked for", async () => {
  await using db = await createTestDatabase();
  const health = (env: Record<string, string>, ...args: string[]) =>
    runCommand(["health", "--database-url", db.url, ...args], { env, cwd: folder });

  expect((await health({ FORCE_COLOR: "1" })).stdout).toContain("\u001b[");
  expect((await health({ FORCE_COLOR: "1" }, "--no-color")).stdout).not.toContain("\u001b[");
  expect((await health({ NO_COLOR: "1" })).stdout).not.toContain("\u001b[");
});
