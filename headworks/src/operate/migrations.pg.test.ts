// Tests of changing the tables of a database by hand: every change says who asked for it, in the transaction that makes it.

import { expect, test } from "vitest";
import { z } from "zod";
import { compileRegistry } from "../define/compile/registry-of.ts";
import { dataset } from "../define/dataset.ts";
import { processor } from "../define/processor.ts";
import { planDatasets, planMigrations } from "../inspect/migrations.ts";
import type { Database } from "../store/database.ts";
import { createTestDatabase } from "../testing/database.ts";
import { pipelineOf } from "../testing/engine.ts";
import { registerConfiguration } from "./configurations.ts";
import { applyDatasets, applyMigrations, prepareDatasets } from "./migrations.ts";

const NAMESPACE = "prod";
const games = dataset("games", { schema: z.object({ game_id: z.string() }), key: ["game_id"] });
const season = (name: string) =>
  compileRegistry([pipelineOf(processor(name, { phase: "all", output: games, run: () => undefined }))], {
    environment: {},
    sources: [],
  });

const auditOf = async (database: Database) =>
  (await database.query("select actor, action, subject, details from headworks.audit_log order by id")).rows;

test("a migration of an empty database says who asked for it", async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  const operator = { database, namespace: NAMESPACE, actor: "ada" };
  await database.query("drop schema headworks, prod cascade");
  const planned = await planMigrations(database, NAMESPACE, season("teams"));
  expect(planned).toMatchObject({ datasets: [], applied: false });

  const applied = await applyMigrations(operator);

  expect(applied).toEqual(planned.migrations);
  expect(await auditOf(database)).toEqual(
    applied.map(({ version, name }) => ({
      ...{ actor: "ada", action: "migrations.apply", subject: name },
      details: { version },
    })),
  );
  expect(await applyMigrations(operator)).toEqual([]);
});

test("tables of datasets are changed when that was asked for, and the audit log has each change", async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  const operator = { database, namespace: NAMESPACE, actor: "ada" };
  const registry = season("teams");
  await expect(prepareDatasets(operator, registry, { apply: false })).rejects.toMatchObject({
    code: "DATASETS_PENDING",
  });
  expect(await auditOf(database)).toEqual([]);

  const changes = await prepareDatasets(operator, registry, { apply: true });

  expect(changes).toMatchObject([{ dataset: "games", safe: true }]);
  expect(await auditOf(database)).toEqual([
    {
      ...{ actor: "ada", action: "migrations.apply", subject: NAMESPACE },
      details: { datasets: [{ description: changes[0]?.description, safe: true }] },
    },
  ]);
  expect(await planDatasets(database, NAMESPACE, registry)).toEqual([]);
  await applyDatasets(operator, []);
  expect(await auditOf(database)).toHaveLength(1);
});

test("a registration says who asked for it, and what it retired", async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  const operator = { database, namespace: NAMESPACE, actor: "ada" };
  const first = await registerConfiguration(operator, { registry: season("teams"), codeVersion: "1" });
  expect(first).toEqual({
    ...{ code_version: "1", retired_processors: [], retired_schedules: [], planned_outputs: 1 },
  });

  const second = await registerConfiguration(operator, { registry: season("players"), codeVersion: "2" });

  expect(second).toMatchObject({ code_version: "2", retired_processors: ["teams"], planned_outputs: 1 });
  expect(await auditOf(database)).toMatchObject([
    { action: "configurations.register", subject: "1" },
    {
      ...{ actor: "ada", action: "configurations.register", subject: "2" },
      details: { retired_processors: ["teams"], retired_schedules: [] },
    },
  ]);
});

test("the next number of a sequence that its own migration drew from is logged, so that no crash takes it back", async () => {
  await using db = await createTestDatabase();
  const { database } = db;
  await database.query("drop schema headworks, prod cascade");

  await applyMigrations({ database, namespace: NAMESPACE, actor: "ada" });

  const { rows } = await database.query("select last_value, log_cnt from headworks.audit_log_id_seq");
  expect(rows).toEqual([{ last_value: 1, log_cnt: 0 }]);
});
