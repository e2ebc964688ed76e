// Migrations: changes of Headworks' own tables, and of the tables of datasets.

import { z } from "zod";
import { action, type OutputOf, question } from "./operation.ts";

const migration = z.strictObject({ version: z.int(), name: z.string() });

const change = z.strictObject({
  dataset: z.string(),
  description: z.string(),
  sql: z.array(z.string()),
  safe: z.boolean().describe("whether it loses no data"),
  loses: z.string().optional().describe("what an unsafe one loses"),
  hint: z.string().optional().describe("what can be done instead"),
});

const changes = { migrations: z.array(migration), datasets: z.array(change) };

export const planMigrations = question({
  name: "migrations.plan",
  summary: "Tell which changes of the database are pending, and which of them can lose data.",
  path: "/v1/migrations",
  input: z.strictObject({
    datasets: z.boolean().default(false).describe("whether the tables of datasets are compared"),
  }),
  output: z.strictObject({ ...changes, applied: z.literal(false) }),
});

export const applyMigrations = action({
  name: "migrations.apply",
  summary: "Apply pending changes of the database.",
  path: "/v1/migrations/apply",
  role: "admin",
  input: z.strictObject({
    datasets: z.boolean().default(false).describe("whether the tables of datasets are changed"),
    unsafe: z.boolean().default(false).describe("whether changes that can lose data are applied"),
  }),
  output: z.strictObject({ ...changes, applied: z.literal(true) }),
});

export type Migrations = OutputOf<typeof planMigrations> | OutputOf<typeof applyMigrations>;
export type DatasetChange = Migrations["datasets"][number];
