// What commands print with `--json` that no route answers: their shapes are promised all the same.

import { z } from "zod";
import { healthReport } from "./health.ts";
import { runDetails } from "./runs.ts";

interface Printed {
  /** One sentence, as a reader of the reference needs it. */
  summary: string;
  output: z.ZodType;
}

const finding = z.strictObject({
  check: z.string().describe("a stable name of what was looked at"),
  state: z.enum(["ok", "warn", "fail"]),
  message: z.string(),
  hint: z.string().nullable().describe("what to do; null when all is well"),
});

const settled = z.strictObject({
  runs: z.int().describe("that ended meanwhile"),
  elapsed_ms: z.int(),
  runs_per_second: z.number(),
  health: healthReport,
});

export type Finding = z.output<typeof finding>;
export type Settled = z.output<typeof settled>;

/** By command. */
export const PRINTED = {
  "start --until-settled": { summary: "Ends when nothing is left to run.", output: settled },
  run: { summary: "Runs one output now and shows what came of it.", output: runDetails },
  doctor: {
    summary: "Checks this machine, the database and the configuration.",
    output: z.strictObject({ findings: z.array(finding) }),
  },
} as const satisfies Record<string, Printed>;
