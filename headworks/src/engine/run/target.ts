// Runs a processor whose work is done outside: by a command, or by an HTTP endpoint.

import type { RunContext } from "../../define/context.ts";
import type { ExternalTarget } from "../../define/processor.ts";
import type { CompiledProcessor } from "../../define/registry.ts";
import { dependencyMissing, noData, type RunResult } from "../../define/results.ts";
import type { ClaimedTask } from "../../store/queue/tasks.queries.ts";
import { runCommand } from "../../targets/command.ts";
import { pushHttp } from "../../targets/http-push.ts";
import type { TargetRequest, TargetResult } from "../../targets/request.ts";
import type { RunRecord } from "./record.ts";

/** Runs the target and gives its result as a handler would. What it prints becomes the run's log. */
export async function runTarget(
  target: ExternalTarget,
  parts: {
    processor: CompiledProcessor;
    task: ClaimedTask;
    traceparent: string;
    context: RunContext;
    record: RunRecord;
    alive: () => void;
  },
): Promise<RunResult> {
  const { processor, task, traceparent, context, record, alive } = parts;
  // Nobody knows what a target reads, so that it never counts as unchanged.
  record.readBeyondNeeds = true;
  const request: TargetRequest = {
    pipeline: processor.pipeline,
    processor: processor.name,
    partition: task.partition,
    namespace: task.namespace,
    run: task.run_id,
    attempt: task.attempt,
    traceparent,
    payload: await context.payload(),
    signal: context.signal,
    onUsage(usage) {
      record.usage = usage;
    },
    onLog(severity, message, fields) {
      alive();
      context.log[severity](message, fields);
    },
  };
  const result =
    target.kind === "command" ? await runCommand(target, request) : await pushHttp(target, request);
  for (const [name, value] of Object.entries(result.metrics ?? {})) {
    if (typeof value === "number") context.metric(name, value);
    else context.log.warn(`the metric ${name} is left out: ${JSON.stringify(value)} is no number`);
  }
  return resultOf(result);
}

function resultOf(result: TargetResult): RunResult {
  const note = result.note ?? "";
  if (result.outcome === "no_data_available") return noData(note);
  if (result.outcome === "dependency_missing") return dependencyMissing(note, result.waitsFor);
  return result.records === undefined ? undefined : { records: result.records };
}
