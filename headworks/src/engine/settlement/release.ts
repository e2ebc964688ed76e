// What a settlement sets going: outputs that may run now, and those that made do with less and run again.

import type { Connection } from "../../store/database.ts";
import { releaseDownstream, reopenHealed, reopenOutdated } from "../../store/ledger/release.ts";
import type { WrittenOutput } from "../../store/ledger/settlement.queries.ts";
import type { Discovered } from "./discovery.ts";
import type { SettledRun } from "./settled-run.ts";

/** Releases and reopens what these settlements allow, in their transaction. Gives the number of tasks made. */
export async function releaseSettled(
  connection: Connection,
  held: readonly SettledRun[],
  ledger: readonly WrittenOutput[],
  discovered: Discovered,
): Promise<number> {
  await reopenHealed(connection, idsOf(ledger.filter(hasHealed)), idsOf(ledger.filter(wasRedone)));
  const outdated = await reopenOutdated(connection, lenientRuns(held, ledger));
  const reopened = new Set(outdated);
  const traceparents = new Map(held.map(({ run }) => [run.task.output_id, run.traceparent]));
  const settled = ledger
    .filter((row) => row.status !== "expected" && !reopened.has(row.id))
    .map((row) => ({ id: row.id, traceparent: traceparents.get(row.id) ?? null }));
  const waived = discovered.waived.map((id) => ({ id, traceparent: null }));
  return releaseDownstream(connection, [...settled, ...waived], [...discovered.candidates, ...outdated]);
}

/** Runs that may have started with less than there is now, since their needs are satisfied by less than all. */
function lenientRuns(held: readonly SettledRun[], ledger: readonly WrittenOutput[]) {
  const settled = new Set(idsOf(ledger.filter((row) => row.status !== "expected")));
  return held
    .filter(({ run }) => settled.has(run.task.output_id) && hasLenientNeeds(run.processor.needs))
    .map(({ run }) => ({ id: run.task.output_id, claimedAt: run.task.claimed_at }));
}

function hasLenientNeeds(needs: SettledRun["run"]["processor"]["needs"]): boolean {
  return needs.some((need) => need.mode === "optional" || need.options.some((each) => each.acceptsDegraded));
}

/** Whether an output that others made do without, or with part of, is whole now. */
function hasHealed(row: WrittenOutput): boolean {
  const wasShort = row.status_before === "degraded" || row.status_before === "failed";
  // A failed run between makes it expected again, and so does a request to run it.
  const hadBeen = row.status_before === "expected" && row.settled_before;
  return (wasShort || hadBeen) && isWhole(row);
}

/** Whether it ran again since an upstream healed, and came to other rows: what used the earlier ones is outdated. */
function wasRedone(row: WrittenOutput): boolean {
  return row.reason_before === "upstream_healed" && row.changed && isWhole(row);
}

function isWhole({ status }: WrittenOutput): boolean {
  return status === "complete" || status === "empty";
}

function idsOf(rows: readonly WrittenOutput[]): number[] {
  return rows.map((row) => row.id);
}
