// Backups: one file with everything that is needed to continue elsewhere; taking, checking and restoring one.

import { z } from "zod";
import { action, type OutputOf, question } from "./operation.ts";
import { pageInput, pageOf } from "./page.ts";

const file = z.string().min(1).max(4_096);

const kept = z.strictObject({
  files: z.int(),
  bytes: z.int(),
  missing: z.int().describe("named by the database, and not there"),
  differing: z
    .int()
    .describe(
      "whose content isn't what the database says: damaged responses are left out, artifacts are kept",
    ),
});

const contents = {
  taken_at: z.iso.datetime(),
  database: z.string(),
  postgres: z.int().describe("the major version of PostgreSQL"),
  code_version: z.string().nullable(),
  migration: z.int().describe("the latest migration of Headworks' own tables"),
  rows: z.int(),
  tables: z.array(
    z.strictObject({ schema: z.string(), name: z.string(), rows: z.int(), digest: z.string() }),
  ),
  files: z.strictObject({ archive: kept, artifacts: kept }).nullable().describe("null without files"),
  left_out: z.array(z.string()).describe("tables that are not in it, and why"),
};

const backup = z.strictObject({
  id: z.int(),
  state: z.enum(["running", "done", "failed"]),
  scheduled: z.boolean(),
  host: z.string(),
  started_at: z.iso.datetime(),
  ended_at: z.iso.datetime().nullable(),
  file: z.string().nullable(),
  bytes: z.int().nullable(),
  rows: z.int().nullable(),
  error: z.string().nullable(),
});

export const listBackups = question({
  name: "backups.list",
  summary: "List the backups that were taken or failed, the latest first.",
  path: "/v1/backups",
  input: z.strictObject(pageInput),
  output: pageOf(backup),
});

export const createBackup = action({
  name: "backups.create",
  summary: "Write everything into one file, from one snapshot, while work goes on.",
  path: "/v1/backups",
  role: "admin",
  input: z.strictObject({
    folder: file.optional().describe("default: backups, in the data directory"),
    files: z.boolean().default(true).describe("whether the archive and the artifacts are included"),
  }),
  output: z.strictObject({ file, bytes: z.int(), ...contents }),
});

export const verifyBackup = question({
  name: "backups.verify",
  summary: "Read a backup from end to end and compare every row and file with its manifest.",
  path: "/v1/backups/verify",
  input: z.strictObject({ file }),
  output: z.strictObject({ file, bytes: z.int(), ...contents }),
});

export const restoreBackup = action({
  name: "backups.restore",
  summary: "Put a backup into the database and the data directory, whole or not at all.",
  path: "/v1/backups/restore",
  role: "admin",
  input: z.strictObject({
    file,
    replace: z.boolean().default(false).describe("lose what is in the database"),
    files: z.boolean().default(true).describe("whether the archive and the artifacts are restored"),
  }),
  output: z.strictObject({
    file,
    migrations: z
      .array(z.strictObject({ version: z.int(), name: z.string() }))
      .describe("newer than the backup, and applied to it"),
    ...contents,
  }),
});

export type Backup = OutputOf<typeof listBackups>["items"][number];
export type BackupContents = Omit<OutputOf<typeof verifyBackup>, "file" | "bytes">;
