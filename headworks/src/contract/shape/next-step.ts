// What a person should do next, as data: the command line renders it as a command, the dashboard as a button.

import { z } from "zod";
import { OUTPUT_STATUSES } from "../../domain/settlement/states.ts";

const processor = z.string();
const partition = z.string();

export const nextStep = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("start") }),
  z.strictObject({ kind: z.literal("show_status") }),
  z.strictObject({ kind: z.literal("show_run"), processor, partition }),
  z.strictObject({ kind: z.literal("run_output"), processor, partition }),
  z.strictObject({ kind: z.literal("follow_logs"), processor, partition }),
  z.strictObject({ kind: z.literal("list_outputs"), status: z.enum(OUTPUT_STATUSES) }),
  z.strictObject({ kind: z.literal("list_failures"), processor }),
  z.strictObject({ kind: z.literal("list_breakers") }),
  z.strictObject({ kind: z.literal("resume_queue"), queue: z.string() }),
  z.strictObject({ kind: z.literal("resume_schedule"), schedule: z.string() }),
]);

export type NextStep = z.output<typeof nextStep>;
