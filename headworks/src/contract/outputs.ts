// Outputs: asking for a run of one.

import { z } from "zod";
import { action } from "./operation.ts";

export const runOutput = action({
  name: "outputs.run",
  summary:
    "Ask for a run of one output now; one that the partitions cover and that isn't in the ledger yet is planned.",
  path: "/v1/outputs/run",
  createsWork: true,
  input: z.strictObject({
    processor: z.string().min(1),
    partition: z.string().min(1).optional().describe("left out for a processor with one output"),
    from_archive: z
      .boolean()
      .default(false)
      .describe("read what the sources answered last, without the network"),
    forced: z.boolean().default(false).describe("run although nothing that it reads has changed"),
  }),
  output: z.strictObject({
    output_id: z.int(),
    processor: z.string(),
    partition: z.string(),
    state: z.enum(["ready", "running"]).describe("`running`: it runs already, and was left alone"),
    run_before: z
      .uuid()
      .nullable()
      .describe("the last run of it that had ended by then; what ends next is what was asked for"),
  }),
});
