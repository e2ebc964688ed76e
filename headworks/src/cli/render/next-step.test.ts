import { expect, test } from "vitest";
import type { NextStep } from "../../contract/shape/next-step.ts";
import { renderNextStep } from "./next-step.ts";

const IT = { processor: "box_scores", partition: "2026-01-14" };

test.for<{ step: NextStep; command: string }>([
  { step: { kind: "start" }, command: "headworks start" },
  { step: { kind: "show_status" }, command: "headworks status" },
  { step: { kind: "show_run", ...IT }, command: "headworks runs show box_scores 2026-01-14" },
  { step: { kind: "run_output", ...IT }, command: "headworks run box_scores --partition 2026-01-14" },
  {
    step: { kind: "follow_logs", ...IT },
    command: "headworks logs --processor box_scores --partition 2026-01-14 --follow",
  },
  { step: { kind: "list_outputs", status: "empty" }, command: "headworks outputs list --status empty" },
  { step: { kind: "list_failures", processor: "odds" }, command: "headworks failures list --processor odds" },
  { step: { kind: "list_breakers" }, command: "headworks breakers list" },
  { step: { kind: "resume_queue", queue: "stats" }, command: "headworks queues resume stats" },
  { step: { kind: "resume_schedule", schedule: "nightly" }, command: "headworks schedules resume nightly" },
])("$step.kind is $command", ({ step, command }) => {
  expect(renderNextStep(step)).toBe(command);
});

test("names no partition of a processor that has only one", () => {
  expect(renderNextStep({ kind: "run_output", processor: "standings", partition: "all" })).toBe(
    "headworks run standings",
  );
});

test("quotes for a shell what it would take apart", () => {
  expect(renderNextStep({ kind: "show_run", processor: "names", partition: "it's; rm -rf" })).toBe(
    "headworks runs show names 'it'\\''s; rm -rf'",
  );
});
