// What handlers did, as they noted it themselves: a file for each process, which nobody but the handlers writes.

import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type AppendFile, openAppendFile } from "./append-file.ts";

/** A run began, or its handler came to its end. */
export interface Operation {
  kind: "began" | "ended";
  /** `processor[partition]` */
  output: string;
  run: string;
  attempt: number;
  /** The runner process, and the supervisor that forked it. */
  pid: number;
  supervisor: number;
  /** Milliseconds of the steady clock that all processes of this machine share; no one's wall clock and not the database's. */
  at: number;
}

/** Which run did something: what a handler knows of itself. */
export interface Actor {
  processor: string;
  partition: string;
  run: string;
  attempt: number;
}

/** Milliseconds of the machine's steady clock. */
export function steadyNow(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}

let file: AppendFile | undefined;

/** Notes a operation of this process in the folder. */
export function noteOperation(folder: string, kind: Operation["kind"], actor: Actor): void {
  if (file === undefined) {
    mkdirSync(folder, { recursive: true });
    file = openAppendFile(join(folder, `${process.pid}-${Math.floor(steadyNow())}.jsonl`));
  }
  const { processor, partition, run, attempt } = actor;
  const operation: Operation = {
    kind,
    output: `${processor}[${partition}]`,
    run,
    attempt,
    pid: process.pid,
    supervisor: process.ppid,
    at: steadyNow(),
  };
  file.append([JSON.stringify(operation)]);
}

/** Every operation of every process, in the order in which they happened. */
export function readOperations(folder: string): Operation[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  const operations = names.flatMap((name) =>
    readFileSync(join(folder, name), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Operation),
  );
  return operations.sort((a, b) => a.at - b.at);
}
