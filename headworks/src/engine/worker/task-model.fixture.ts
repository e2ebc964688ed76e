// The pure model of outputs and tasks that the store is compared with: `domain/` decides, this file only remembers. No database.

import type { CompiledProcessor } from "../../define/registry.ts";
import type { Expectation } from "../../domain/settlement/expectation.ts";
import { isReleasable } from "../../domain/settlement/release.ts";
import { type RunReport, type Settlement, settle } from "../../domain/settlement/settle.ts";
import type { LedgerStatus, TaskState } from "../../domain/settlement/states.ts";

export interface ModelTask {
  state: TaskState;
  dueAt: number;
  attempt: number;
  attemptsUsed: number;
  alone: boolean;
  deathsAlone: number;
  waitingSince: number | null;
  waitsFor: string | null;
  worker: string | null;
  runId: string | null;
  claimedAt: number;
  /** Its place among all claims and settlements, which the virtual clock can't tell apart. */
  claimedTurn: number;
}

export interface ModelOutput {
  name: string;
  processor: CompiledProcessor;
  upstream: readonly string[];
  status: LedgerStatus;
  retired: boolean;
  /** When it settled last, as a turn; 0 is never. */
  settledTurn: number;
  task: ModelTask | undefined;
}

interface ModelRun {
  attempt: number;
  attempt_used: boolean;
  outcome: string;
  reason: string | null;
}

/** How a run ended, as a command chose it. */
export interface Ending {
  report: RunReport;
  expectation: Expectation;
  random: number;
}

/** A claim that a worker was told of: it stays one when the task is another's by now, so that it can settle too late. */
export interface ModelClaim {
  output: string;
  worker: string;
  runId: string;
  attempt: number;
}

export class TaskModel {
  now = 0;
  turn = 0;
  readonly outputs: Map<string, ModelOutput>;
  readonly history = new Map<string, ModelRun>();
  readonly claims: ModelClaim[] = [];
  /** Registered workers, and whether their lease is over. */
  readonly workers = new Map<string, { expired: boolean }>();

  constructor(processors: Iterable<CompiledProcessor>, upstream: Record<string, readonly string[]>) {
    this.outputs = new Map(
      Array.from(processors, (processor) => {
        const { name } = processor;
        const rest = { status: "expected" as const, retired: false, settledTurn: 0, task: undefined };
        return [name, { name, processor, upstream: upstream[name] ?? [], ...rest }];
      }),
    );
    this.release(this.outputs.keys());
  }

  output(name: string): ModelOutput {
    const output = this.outputs.get(name);
    if (output === undefined) throw new Error(`the model has no output ${name}`);
    return output;
  }

  tasks(state: TaskState): (ModelOutput & { task: ModelTask })[] {
    return [...this.outputs.values()].filter((output) => output.task?.state === state) as never;
  }

  isLive(worker: string): boolean {
    return this.workers.get(worker)?.expired === false;
  }

  holds(claim: ModelClaim): boolean {
    return this.output(claim.output).task?.runId === claim.runId;
  }

  /** Each of these outputs that is expected, has no task, and whose needs are satisfied gets one. */
  release(names: Iterable<string>): void {
    for (const output of [...names].map((name) => this.output(name))) {
      const edges = output.upstream.map((name, need) => {
        const { status } = this.output(name);
        return { need, option: 0, mode: "required" as const, acceptsDegraded: false, upstream: status };
      });
      const isFree = output.status === "expected" && output.task === undefined && !output.retired;
      if (isFree && isReleasable(edges)) output.task = this.freshTask();
    }
  }

  /** A run that is asked for by hand: it begins anew, unless it runs. */
  request(name: string): void {
    const output = this.output(name);
    if (output.status === "failed" || output.status === "waived") output.status = "expected";
    if (output.task?.state === "running") return;
    output.task = { ...this.freshTask(), attempt: output.task?.attempt ?? 0 };
  }

  wake(task: ModelTask): void {
    Object.assign(task, { state: "ready", waitsFor: null, worker: null, runId: null });
  }

  /** All settle in one transaction; a claim that no longer holds leaves its line in the history and nothing else. */
  settle(endings: readonly { claim: ModelClaim; ending: Ending }[]): void {
    const settled = endings.flatMap(({ claim, ending }) => this.settleOne(claim, ending));
    for (const output of settled) {
      for (const waiting of this.tasks("waiting").filter(({ task }) => task.waitsFor === output.name)) {
        this.wake(waiting.task);
        waiting.task.dueAt = this.now;
      }
    }
    const names = settled.map(({ name }) => name);
    const below = [...this.outputs.values()].filter((each) => each.upstream.some((up) => names.includes(up)));
    this.release(below.map(({ name }) => name));
  }

  private settleOne(claim: ModelClaim, ending: Ending): ModelOutput[] {
    const output = this.output(claim.output);
    const { task, processor } = output;
    if (task === undefined || !this.holds(claim)) {
      this.note(claim, { outcome: "error", reason: "lease_lost", usesAttempt: false });
      return [];
    }
    const { report, expectation } = ending;
    const settlement = settle(
      report,
      expectation,
      // The queues of the model have no maxRetryDuration, so that this decides nothing.
      { ...task, retriedForMs: 0 },
      {
        ...processor.queue,
        ...processor,
        countsRecords: processor.outputs.length > 0 || (report.kind === "returned" && report.declaredEmpty),
      },
      this.now,
      () => ending.random,
    );
    this.note(claim, settlement);
    this.move(output, task, settlement, report.kind === "crashed" && report.alone);
    if (settlement.output === "as_it_was") return [];
    output.status = settlement.output;
    if (output.status === "expected") return [];
    this.turn += 1;
    output.settledTurn = this.turn;
    return [output];
  }

  private move(output: ModelOutput, task: ModelTask, settlement: Settlement, diedAlone: boolean): void {
    const { task: move } = settlement;
    if (move.to === "untouched") return;
    if (move.to === "deleted") {
      output.task = undefined;
      return;
    }
    task.state = move.to;
    task.dueAt = this.now + ("delayMs" in move ? move.delayMs : 0);
    task.alone = move.to === "ready" && move.alone;
    task.attemptsUsed += settlement.usesAttempt ? 1 : 0;
    task.deathsAlone += diedAlone ? 1 : 0;
    if (move.to === "waiting") task.waitingSince ??= this.now;
    task.waitsFor = move.to === "waiting" ? (move.waitsFor?.processor ?? null) : null;
    task.worker = null;
    task.runId = null;
    // What it would wait for has settled while it ran, when nobody could wake it.
    if (task.waitsFor !== null && this.output(task.waitsFor).settledTurn > task.claimedTurn) {
      this.wake(task);
      task.dueAt = this.now;
    }
  }

  /** One line for each run: the first stands, unless a run that was taken for dead comes back. */
  private note(claim: ModelClaim, how: Pick<Settlement, "outcome" | "reason" | "usesAttempt">): void {
    const before = this.history.get(claim.runId);
    if (before === undefined) {
      const { outcome, reason, usesAttempt } = how;
      this.history.set(claim.runId, { attempt: claim.attempt, attempt_used: usesAttempt, outcome, reason });
    } else if (before.reason === "crashed" && how.reason === "lease_lost") {
      before.reason = "lease_lost";
    }
  }

  private freshTask(): ModelTask {
    return {
      state: "ready",
      dueAt: this.now,
      attempt: 0,
      attemptsUsed: 0,
      alone: false,
      deathsAlone: 0,
      waitingSince: null,
      waitsFor: null,
      worker: null,
      runId: null,
      claimedAt: 0,
      claimedTurn: 0,
    };
  }
}
