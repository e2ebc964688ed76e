// Configurations: what the fleet runs is registered, so that claims, schedules and the ledger follow it.

import { z } from "zod";
import { action } from "./operation.ts";

export const registerConfiguration = action({
  name: "configurations.register",
  summary: "Register the loaded configuration, retire what it lacks, and plan the outputs that it expects.",
  path: "/v1/configurations",
  role: "admin",
  createsWork: true,
  input: z.strictObject({}),
  output: z.strictObject({
    code_version: z.string(),
    retired_processors: z.array(z.string()),
    retired_schedules: z.array(z.string()),
    planned_outputs: z.int().describe("outputs that are expected from now on"),
  }),
});
