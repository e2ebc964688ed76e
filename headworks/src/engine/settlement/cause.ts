// The cause of an ending that isn't a success: the message that people read, and the fingerprint that tells it from others.

import { fingerprintOf } from "../../domain/settlement/fingerprint.ts";
import type { Settlement } from "../../domain/settlement/settle.ts";
import type { EndedRun, RejectedRow } from "../run/finished-run.ts";

export interface Cause {
  message: string | null;
  fingerprint: string;
}

/** What was decided of a run, as far as it matters for the cause. */
type Decision = Pick<Settlement, "outcome" | "reason" | "task">;

/** More of the rejected rows say the same. */
const REJECTIONS_READ = 100;

/** Null of a success: that has no cause. */
export function causeOf(run: EndedRun, { outcome, reason, task }: Decision): Cause | null {
  if (outcome === "success") return null;
  const note = reason === "rows_rejected" ? commonestRejection(run.rejected) : run.note;
  const waitsFor = task.to === "waiting" ? (task.waitsFor?.processor ?? null) : null;
  const { processor, partition } = run.task;
  return {
    message: run.error?.message ?? note,
    fingerprint: fingerprintOf({ outcome, reason, processor, partition, waitsFor, error: run.error, note }),
  };
}

/** What is wrong first with most of the rejected rows: a change of the source does the same to all of them. */
function commonestRejection(rejected: readonly RejectedRow[]): string | null {
  const said = rejected
    .slice(0, REJECTIONS_READ)
    .map(({ dataset, error }) => `${dataset}: ${firstOf(error)}`);
  const groups = [...Map.groupBy(said, (each) => each)].map(([text, { length }]) => ({ text, length }));
  groups.sort((a, b) => b.length - a.length || (a.text < b.text ? -1 : 1));
  return groups[0]?.text ?? null;
}

/** A row's error lists its issues, in the order of the schema. */
function firstOf(error: string): string {
  return error.split("; ", 1)[0] ?? error;
}
