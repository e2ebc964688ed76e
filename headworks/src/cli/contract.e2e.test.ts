// Runs the commands with `--json` and holds what they print to the contract, field by field.

import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { logLine } from "../contract/logs.ts";
import { OPERATIONS } from "../contract/operations.ts";
import { PRINTED } from "../contract/printed.ts";
import { createRedrive } from "../store/failure/redrives.ts";
import { registerWorker } from "../store/queue/workers.ts";
import { createTestDatabase, type TestDatabase } from "../testing/database.ts";
import { commandFor, ON_THE_WAY } from "./asked-by.ts";
import { runCommand, SEASON } from "./command.fixture.ts";
import { listLeafCommands } from "./program.ts";

/** How the command line asks for each operation, in this order, of the small season after a day with a fault. */
const ASKED: Readonly<Record<string, readonly string[]>> = {
  "backups.create": ["backups", "create"],
  "backups.list": ["backups", "list"],
  "backups.verify": ["backups", "verify", "{backup}"],
  "backups.restore": ["restore", "{backup}", "--database-url", "{elsewhere}"],
  "breakers.list": ["breakers", "list"],
  "breakers.reset": ["breakers", "reset", "box_scores"],
  "graph.show": ["graph", "--config", SEASON],
  "health.show": ["health"],
  "failures.list": ["failures", "list"],
  "failures.show": ["failures", "show", "{failure}"],
  "failures.ignore": ["failures", "ignore", "{failure}", "--until", "2d"],
  "failures.resolve": ["failures", "resolve", "{failure}", "--note", "the page is read as it is now"],
  "failures.retry": ["failures", "retry", "{failure}"],
  "redrives.list": ["failures", "redrives"],
  "redrives.cancel": ["failures", "cancel", "1"],
  "migrations.plan": ["migrate", "--datasets", "--plan", "--config", SEASON],
  "migrations.apply": ["migrate", "--datasets", "--config", SEASON],
  "lineage.trace": ["lineage", "scores", "2026-01-01-1"],
  "outputs.list": ["outputs", "list", "--limit", "2"],
  "queues.list": ["queues", "list"],
  "queues.pause": ["queues", "pause", "once"],
  "queues.resume": ["queues", "resume", "once"],
  "queues.purge": ["queues", "purge", "once", "--yes"],
  "retention.preview": ["prune", "--dry-run", "--config", SEASON],
  "retention.prune": ["prune", "--config", SEASON],
  "runs.list": ["runs", "list", "--limit", "2"],
  "runs.show": ["runs", "show", "box_scores", "2026-01-03"],
  "schedules.list": ["schedules", "list"],
  "schedules.show": ["schedules", "show", "leap_days"],
  "schedules.pause": ["schedules", "pause", "leap_days"],
  "schedules.resume": ["schedules", "resume", "leap_days"],
  "status.show": ["status"],
  "tasks.list": ["tasks", "list"],
  "workers.list": ["workers", "list"],
  "tasks.add": ["tasks", "add", "schedule", "2026-01-01", "--delay", "1h"],
  "tasks.prioritize": ["tasks", "prioritize", "schedule", "2026-01-01", "--priority", "0"],
  "tasks.cancel": ["tasks", "cancel", "schedule", "2026-01-01"],
};

/** How each command is asked whose answer is no operation's. */
const PRINTING: Readonly<Record<keyof typeof PRINTED, readonly string[]>> = {
  "start --until-settled": ["start", "--until-settled", "--config", SEASON],
  run: ["run", "standings", "--config", SEASON],
  doctor: ["doctor", "--config", SEASON],
};

/** Leaf commands that are asked for nothing here, and why. */
const NOT_ASKED: Readonly<Record<string, string>> = {
  dev: "it prints no data, and runs until Ctrl-C",
  logs: "it prints an object on each line: a test of its own",
};

let db: TestDatabase;
let elsewhere: TestDatabase;
let dataDir: string;
let fingerprint: string;
beforeAll(async () => {
  [db, elsewhere] = [await createTestDatabase(), await createTestDatabase()];
  dataDir = await mkdtemp(join(tmpdir(), "headworks-cli-"));
  const season = ["start", "--until-settled", "--apply-datasets", "--config", SEASON];
  await headworks(season, { SEASON_FAULT: "throws" });
  await headworks(["run", "schedule", "--partition", "2026-01-01", "--config", SEASON]);
  const failures = await db.database.query<{ fingerprint: string }>(
    "select fingerprint from headworks.failures",
  );
  fingerprint = failures.rows[0]?.fingerprint ?? "";
}, 120_000);
afterAll(async () => {
  await rm(dataDir, { recursive: true });
  await Promise.all([db, elsewhere].map((each) => each[Symbol.asyncDispose]()));
});

test("every operation is asked for by a command here", () => {
  expect([...Object.keys(ASKED), ...Object.keys(ON_THE_WAY), "logs.search"].sort()).toEqual(
    [...OPERATIONS.keys()].sort(),
  );
});

test("every command is asked here for what it prints as JSON, or there is a reason why not", async () => {
  const asked = [...Object.values(ASKED), ...Object.values(PRINTING)].map((args) => args.join(" "));
  const leaves = await listLeafCommands();
  const isAsked = (leaf: string) => asked.some((args) => `${args} `.startsWith(`${leaf} `));

  expect(leaves.filter((leaf) => !isAsked(leaf) && !(leaf in NOT_ASKED))).toEqual([]);
  expect(Object.keys(NOT_ASKED).filter((leaf) => isAsked(leaf) || !leaves.includes(leaf))).toEqual([]);
});

test("the reference names commands that there are", async () => {
  const leaves = await listLeafCommands();

  const named = [...OPERATIONS.keys()].map((name) => commandFor(name).command);
  expect(named.filter((command) => !leaves.includes(command.replace(/ --.*/, "")))).toEqual([]);
});

test("logs.search writes an item of what the contract says on each line", async () => {
  const { stdout } = await headworks(["logs", "--json"]);

  const lines = stdout.trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) expect(logLine.safeParse(JSON.parse(line)).error?.issues ?? []).toEqual([]);
});

test.for(Object.entries(PRINTING))("%s prints what the contract says", async ([command, args]) => {
  const { stdout, stderr } = await headworks([...args, "--json"]);

  const { output } = PRINTED[command as keyof typeof PRINTED];
  expect(output.safeParse(JSON.parse(stdout || `"${stderr}"`)).error?.issues ?? []).toEqual([]);
});

describe("beside a worker that is there", () => {
  beforeAll(async () => {
    // A redrive that waits for a fleet, and something to prune: a start would see to both.
    await createRedrive(db.database, {
      filter: { namespace: "prod", outcome: "error" },
      newestId: 0,
      tasks: 2,
      rate: 1,
      createdBy: "ada",
    });
    await db.database.query(
      "insert into headworks.events (kind, subject, message, at) values ('a', 'old', '', now() - interval '1 year')",
    );
    // A worker that is there: those of the start are gone by now.
    const worker = {
      id: randomUUID(),
      namespace: "prod",
      host: "here",
      processKey: "here:1:1",
      codeVersion: "test",
      concurrency: 1,
    };
    await registerWorker(db.database, worker, 3_600_000);
  });

  test.for(Object.entries(ASKED))("%s prints what the contract says", async ([name, args]) => {
    const { stdout, stderr } = await headworks([...args, "--json"]);

    const parsed = OPERATIONS.get(name)?.output.safeParse(JSON.parse(stdout || `"${stderr}"`));
    expect(parsed?.error?.issues ?? []).toEqual([]);
  });

  test("every action that was asked for left an audit row with its name", async () => {
    const left = [...(await actionsIn(db)), ...(await actionsIn(elsewhere))];
    const actions = [...OPERATIONS.values()].filter(({ method }) => method !== "GET").map(({ name }) => name);
    expect(actions.filter((name) => !left.includes(name))).toEqual([]);
  });
});

async function actionsIn({ database }: TestDatabase): Promise<string[]> {
  const { rows } = await database.query<{ action: string }>(
    "select distinct action from headworks.audit_log",
  );
  return rows.map(({ action }) => action);
}

async function headworks(args: readonly string[], env: Record<string, string> = {}) {
  const where = ["--database-url", db.url, "--data-dir", dataDir];
  return runCommand([...where, ...(await Promise.all(args.map(meant)))], { env });
}

/** What is known only once the commands before have run. */
async function meant(argument: string): Promise<string> {
  if (argument === "{elsewhere}") return elsewhere.url;
  if (argument === "{failure}") return fingerprint;
  if (argument !== "{backup}") return argument;
  const [file = "none"] = await readdir(join(dataDir, "backups"));
  return join(dataDir, "backups", file);
}
