// Says what is really wrong: a verdict, the counts of each phase, the causes with what they hold up, and what to do next.

import type { HealthNote, HealthReason, HealthReport, PhaseHealth } from "../contract/health.ts";
import { count, plural } from "../domain/plural.ts";
import type { DutyFailure } from "../store/history/duties.queries.ts";
import type { Problem, ProcessorCounts } from "../store/history/overview.queries.ts";
import type { StatusCounts } from "../store/history/overview.ts";
import type { UnpublishableFiles } from "../store/ledger/artifacts.ts";
import type { QueueListing } from "../store/queue/queues.ts";
import { notesOfDuties, notesOfFiles } from "./failing-notes.ts";
import { nextStepFor } from "./next-step.ts";
import { describeEnding } from "./wording.ts";

/** What the report is made of. */
export interface HealthFacts {
  counts: readonly ProcessorCounts[];
  problems: readonly Problem[];
  /** Whether there are more of them. */
  problemsCut: boolean;
  queues: readonly QueueListing[];
  /** Processors and sources most of whose starts are retries. */
  storms: readonly { kind: string; name: string; starts: number; retries: number }[];
  schedules: readonly { name: string; paused_at: string | null }[];
  /** Duties of housekeeping that fail. */
  duties: readonly DutyFailure[];
  /** Files that couldn't be published, the oldest first, and how many there are in all. */
  files: UnpublishableFiles;
  /** Workers whose lease holds. */
  liveWorkers: number;
}

/** Assesses the facts. Pure. */
export function assessHealth(facts: HealthFacts): HealthReport {
  const phases = phasesOf(facts.counts);
  const totals = sum(facts.counts);
  const reasons = facts.problems.map((problem) => reasonOf(problem, facts.liveWorkers)).sort(byWeight);
  const wrong = countWrong(totals, reasons);
  const isBad = wrong.failed + wrong.degraded + wrong.overdue > 0;
  const there = totals.complete + totals.empty + totals.waived;
  return {
    verdict: isBad ? "bad" : "good",
    complete: there === totals.expected,
    headline: isBad ? badHeadline(totals, wrong) : goodHeadline(totals, there),
    totals,
    phases,
    reasons,
    reasons_cut: facts.problemsCut,
    notes: notesOf(facts, totals),
  };
}

/** Degraded outputs heal by their rechecks until they are overdue; without a time set, they are wrong at once. */
function isWrong(problem: Problem): boolean {
  if (problem.kind === "failed" || problem.overdue > 0) return true;
  return problem.kind === "degraded" && (problem.unbounded > 0 || problem.given_up > 0);
}

function reasonOf(problem: Problem, liveWorkers: number): HealthReason {
  return {
    ...problem,
    wrong: isWrong(problem),
    what: describe(problem),
    next: nextStepFor(problem, liveWorkers),
  };
}

function describe(problem: Problem): string {
  if (problem.kind === "queued") return "overdue, and not started";
  if (problem.kind === "running") return "overdue, and still running";
  if (problem.kind === "blocked") return "overdue, and waiting for a dependency";
  return describeEnding({ ...problem, expectedMin: problem.expected_min });
}

interface WrongCounts {
  failed: number;
  degraded: number;
  /** Without those that are degraded. */
  overdue: number;
  blocked: number;
}

function countWrong(totals: StatusCounts, reasons: readonly HealthReason[]): WrongCounts {
  const degraded = reasons.filter((reason) => reason.kind === "degraded");
  const count = (of: readonly HealthReason[], value: (reason: HealthReason) => number) =>
    of.reduce((total, reason) => total + value(reason), 0);
  return {
    failed: totals.failed,
    degraded: count(
      degraded.filter((reason) => reason.wrong),
      (reason) => reason.outputs,
    ),
    overdue: totals.overdue - count(degraded, (reason) => reason.overdue),
    blocked: totals.blocked,
  };
}

function badHeadline(totals: StatusCounts, wrong: WrongCounts): string {
  const parts = [
    [wrong.failed, "failed"],
    [wrong.degraded, "degraded"],
    [wrong.overdue, "overdue"],
  ] as const;
  const named = parts.filter(([amount]) => amount > 0).map(([amount, name]) => `${count(amount)} ${name}`);
  const sumOfWrong = wrong.failed + wrong.degraded + wrong.overdue;
  const held =
    wrong.blocked > 0 ? `; ${plural(wrong.blocked, "waits for a dependency", "wait for dependencies")}` : "";
  return `${count(sumOfWrong)} of ${outputs(totals.expected)} ${sumOfWrong === 1 ? "is" : "are"} wrong: ${named.join(", ")}${held}`;
}

function goodHeadline(totals: StatusCounts, there: number): string {
  if (totals.expected === 0) return "nothing is expected yet";
  if (there < totals.expected) {
    const left = totals.expected - there;
    return `nothing is wrong: ${count(there)} of ${outputs(totals.expected)} ${there === 1 ? "is" : "are"} there, ${count(left)} still to come`;
  }
  const parts = [
    [totals.complete, "complete"],
    [totals.empty, "empty"],
    [totals.waived, "waived"],
  ] as const;
  const named = parts.filter(([amount]) => amount > 0).map(([amount, name]) => `${count(amount)} ${name}`);
  const all =
    totals.expected === 1 ? "the 1 output that is expected is" : `all ${outputs(totals.expected)} are`;
  return `${all} there: ${named.join(", ")}`;
}

function notesOf(
  { queues, schedules, storms, duties, files, liveWorkers }: HealthFacts,
  totals: StatusCounts,
): HealthNote[] {
  const notes: HealthNote[] = [...notesOfDuties(duties), ...notesOfFiles(files)];
  if (liveWorkers === 0 && totals.queued > 0) {
    notes.push({
      message: `no worker is running, and ${outputs(totals.queued, "")} could run`,
      next: { kind: "start" },
    });
  }
  for (const queue of queues.filter((each) => each.paused_at !== null && each.ready > 0)) {
    notes.push({
      message: `the queue ${queue.name} is paused; ${plural(queue.ready, "task waits", "tasks wait")} in it`,
      next: { kind: "resume_queue", queue: queue.name },
    });
  }
  for (const { name } of schedules.filter((each) => each.paused_at !== null)) {
    notes.push({
      message: `the schedule ${name} is paused: it creates no work`,
      next: { kind: "resume_schedule", schedule: name },
    });
  }
  for (const { kind, name, starts, retries } of storms) {
    notes.push({
      message: `the ${kind} ${name} is in a retry storm (${count(retries)} of ${count(starts)} starts in five minutes): retries wait longer`,
      next: kind === "processor" ? { kind: "list_failures", processor: name } : { kind: "list_breakers" },
    });
  }
  if (totals.unvouched > 0) {
    notes.push({
      message: `${outputs(totals.unvouched, "")} ${totals.unvouched === 1 ? "is" : "are"} empty and nobody vouched that this is right`,
      next: { kind: "list_outputs", status: "empty" },
    });
  }
  return notes;
}

/** The counts of each phase, in the order of the pipelines. */
export function phasesOf(counts: readonly ProcessorCounts[]): PhaseHealth[] {
  const groups = Map.groupBy(counts, (each) => `${each.pipeline} ${each.phase}`);
  return [...groups.values()].map((members) => ({
    pipeline: members[0]?.pipeline ?? "",
    phase: members[0]?.phase ?? "",
    ...sum(members),
  }));
}

/** Adds the counts up. */
export function sum(members: readonly StatusCounts[]): StatusCounts {
  const total = (name: keyof StatusCounts) => members.reduce((all, each) => all + each[name], 0);
  return {
    expected: total("expected"),
    complete: total("complete"),
    empty: total("empty"),
    degraded: total("degraded"),
    failed: total("failed"),
    waived: total("waived"),
    running: total("running"),
    waiting: total("waiting"),
    queued: total("queued"),
    blocked: total("blocked"),
    overdue: total("overdue"),
    unvouched: total("unvouched"),
  };
}

/** What is wrong comes first; otherwise the order of the store stays: by criticality, then phase. */
function byWeight(a: HealthReason, b: HealthReason): number {
  return Number(b.wrong) - Number(a.wrong);
}

function outputs(amount: number, kind = "expected "): string {
  return `${plural(amount, `${kind}output`)}`;
}
