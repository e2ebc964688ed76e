// The command line that takes a next step, quoted for a shell where that is needed.

import type { NextStep } from "../../contract/shape/next-step.ts";
import { SINGLE_KEY } from "../../domain/calendar/partitions.ts";

export function renderNextStep(step: NextStep): string {
  return ["headworks", ...wordsOf(step)].map(quoted).join(" ");
}

function wordsOf(step: NextStep): string[] {
  switch (step.kind) {
    case "start":
      return ["start"];
    case "show_status":
      return ["status"];
    case "show_run":
      return ["runs", "show", step.processor, step.partition];
    case "run_output":
      return [
        "run",
        step.processor,
        ...(step.partition === SINGLE_KEY ? [] : ["--partition", step.partition]),
      ];
    case "follow_logs":
      return ["logs", "--processor", step.processor, "--partition", step.partition, "--follow"];
    case "list_outputs":
      return ["outputs", "list", "--status", step.status];
    case "list_failures":
      return ["failures", "list", "--processor", step.processor];
    case "list_breakers":
      return ["breakers", "list"];
    case "resume_queue":
      return ["queues", "resume", step.queue];
    case "resume_schedule":
      return ["schedules", "resume", step.schedule];
  }
}

function quoted(word: string): string {
  return /^[\w:.+@/-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
