// Joins what the producer was promised, what handlers did and what the history says, and names whatever doesn't agree.

import type { Operation } from "./operations.ts";

/** An output of the ledger, with the task that it still has. */
export interface LedgerEvidence {
  output: string;
  status: string;
  task: string | null;
  run: string | null;
}

/** A run of the history. */
export interface RunEvidence {
  id: string;
  output: string;
  attempt: number;
  outcome: string;
  reason: string | null;
}

/** A row that a run wrote into its dataset. */
export interface RowEvidence {
  output: string;
  run: string;
}

export interface Evidence {
  /** Every task that the producer has ever tried to make, and those whose commit it has heard of. */
  offered: ReadonlySet<string>;
  acknowledged: readonly string[];
  operations: readonly Operation[];
  ledger: readonly LedgerEvidence[];
  runs: readonly RunEvidence[];
  rows: readonly RowEvidence[];
}

/** How a run ends whose lease has ended before it could settle. */
const LEASE_ENDED = new Set(["crashed", "lease_lost", "abandoned"]);
/** How a run ends that was ended from outside while its handler worked. */
const CUT_SHORT = new Set([...LEASE_ENDED, "hard", "stalled"]);

/** One sentence for each thing that isn't as promised; none when all is well. */
export function findViolations(evidence: Evidence): string[] {
  return [
    ...findLost(evidence),
    ...findUnexpected(evidence),
    ...findDoubleEnds(evidence),
    ...findForeignRows(evidence),
    ...findUnwritten(evidence),
    ...findUnexplained(evidence),
  ];
}

/** An acknowledged task is never lost: it is settled, its handler came to its end, and its row is there. */
function findLost({ acknowledged, ledger, operations, rows }: Evidence): string[] {
  const status = new Map(ledger.map((each) => [each.output, each.status]));
  const ended = new Set(
    operations.filter((operation) => operation.kind === "ended").map((operation) => operation.output),
  );
  const written = new Set(rows.map((row) => row.output));
  return acknowledged.flatMap((output) => {
    const found = status.get(output);
    if (found === undefined) return [`lost: ${output} was acknowledged and isn't in the ledger`];
    if (found !== "complete") return [`lost: ${output} was acknowledged and is ${found}`];
    if (!ended.has(output)) return [`lost: ${output} is complete, and no handler came to its end`];
    return written.has(output) ? [] : [`lost: ${output} is complete, and its row isn't there`];
  });
}

function findUnexpected({ offered, ledger, operations }: Evidence): string[] {
  const seen = new Set([...ledger, ...operations].map((each) => each.output));
  return [...seen]
    .filter((output) => !offered.has(output))
    .map((output) => `unexpected: nobody asked for ${output}`);
}

/** One terminal state each: one success, and no task beside it. */
function findDoubleEnds({ ledger, runs }: Evidence): string[] {
  const successes = Map.groupBy(
    runs.filter((run) => run.outcome === "success"),
    (run) => run.output,
  );
  return ledger.flatMap(({ output, status, task, run }) => {
    if (status !== "complete") return [];
    const [first, ...more] = successes.get(output) ?? [];
    return [
      ...(task === null ? [] : [`two ends: ${output} is complete, and its task is ${task}`]),
      ...(first === undefined ? [`two ends: ${output} is complete, and no run of it succeeded`] : []),
      ...(more.length === 0 ? [] : [`two ends: ${output} succeeded ${more.length + 1} times`]),
      ...(first === undefined || more.length > 0 || first.id === run
        ? []
        : [`two ends: ${output} names another run than the one that succeeded`]),
    ];
  });
}

/** A zombie's write is refused: every row is of the run that succeeded, and there is one. */
function findForeignRows({ rows, runs }: Evidence): string[] {
  const succeeded = new Set(runs.filter((run) => run.outcome === "success").map((run) => run.id));
  const foreign = rows.filter((row) => !succeeded.has(row.run));
  const double = [...Map.groupBy(rows, (row) => row.output)].filter(([, those]) => those.length > 1);
  return [
    ...foreign.map((row) => `zombie: a row of ${row.output} is of a run that didn't succeed`),
    ...double.map(([output, those]) => `zombie: ${output} has ${those.length} rows`),
  ];
}

/** Every run that began has its row in the history, and every success has its operations. */
function findUnwritten({ operations, runs }: Evidence): string[] {
  const known = new Set(runs.map((run) => run.id));
  const began = new Map(
    operations
      .filter((operation) => operation.kind === "began")
      .map((operation) => [operation.run, operation]),
  );
  const ended = new Set(
    operations.filter((operation) => operation.kind === "ended").map((operation) => operation.run),
  );
  return [
    ...[...began.values()]
      .filter((operation) => !known.has(operation.run))
      .map(
        (operation) =>
          `unwritten: attempt ${operation.attempt} of ${operation.output} ran, and the history hasn't got it`,
      ),
    ...runs
      .filter((run) => run.outcome === "success" && !(began.has(run.id) && ended.has(run.id)))
      .map((run) => `unwritten: ${run.output} is said to have succeeded in a run that no handler noted`),
  ];
}

/** Every duplicate is explained: what ran besides the success had lost its lease, or had failed and says so. */
function findUnexplained({ operations, runs }: Evidence): string[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  return [...Map.groupBy(operations, (operation) => operation.output)].flatMap(([output, those]) => {
    const spans = spansOf(those);
    return spans.flatMap((span, index) => {
      const run = byId.get(span.run);
      if (run === undefined || run.outcome === "success")
        return overlapsOf(output, span, spans.slice(index + 1));
      const reason = run.reason ?? "";
      if (span.endedAt !== undefined && !CUT_SHORT.has(reason)) {
        return [
          `unexplained: attempt ${run.attempt} of ${output} came to its end, and is ${run.outcome} / ${reason}`,
        ];
      }
      return LEASE_ENDED.has(reason) ? [] : overlapsOf(output, span, spans.slice(index + 1));
    });
  });
}

interface Span {
  run: string;
  attempt: number;
  beganAt: number;
  endedAt: number | undefined;
}

/** The runs of one output, in the order of their leases: who was frozen may begin one after its successor has. */
function spansOf(operations: readonly Operation[]): Span[] {
  return [...Map.groupBy(operations, (operation) => operation.run)]
    .map(([run, those]) => ({
      run,
      attempt: those[0]?.attempt ?? 0,
      beganAt: those.find((operation) => operation.kind === "began")?.at ?? Number.NEGATIVE_INFINITY,
      endedAt: those.find((operation) => operation.kind === "ended")?.at,
    }))
    .sort((a, b) => a.attempt - b.attempt || a.beganAt - b.beganAt);
}

/** Two runs at once are explained only by the earlier one's having lost its lease. */
function overlapsOf(output: string, span: Span, later: readonly Span[]): string[] {
  return later
    .filter(
      (other) =>
        span.endedAt !== undefined &&
        other.beganAt < span.endedAt &&
        span.beganAt < (other.endedAt ?? Number.POSITIVE_INFINITY),
    )
    .map(() => `unexplained: two runs of ${output} at once, and the earlier one had its lease`);
}
