// Retention: what is older than its age, and removing it now.

import { z } from "zod";
import { action, type OutputOf, question } from "./operation.ts";

const removed = z.strictObject({
  table: z.string(),
  partitions: z.array(z.string()).describe("weeks that go whole"),
  bytes: z.int().describe("what these weeks and the files take on the disk"),
  rows: z.int().describe("rows that go one by one"),
  files: z.int(),
});

const output = z.strictObject({ items: z.array(removed).describe("every table, also those that stay") });

export const previewRetention = question({
  name: "retention.preview",
  summary: "Tell what is older than its age and would be removed now.",
  path: "/v1/retention",
  input: z.strictObject({}),
  output,
});

export const pruneRetention = action({
  name: "retention.prune",
  summary: "Remove what is older than its age now, instead of within the hour.",
  path: "/v1/retention/prune",
  role: "admin",
  input: z.strictObject({}),
  output,
});

export type Removed = OutputOf<typeof pruneRetention>["items"][number];
