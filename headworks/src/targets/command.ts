// Runs a processor as a command: its own process group, a small environment, its output as log lines, its result in a file.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { HeadworksError, messageOf } from "../domain/error.ts";
import { writeExactly } from "../domain/exact-json.ts";
import { commandEnvironment, type TargetPaths } from "./command-environment.ts";
import { lineSplitter } from "./lines.ts";
import { readLogLine } from "./log-line.ts";
import { groupEnd, type ProcessEnd } from "./process-group.ts";
import type { LogSeverity, TargetRequest, TargetResult } from "./request.ts";
import { invalidResult, MAX_RESULT_BYTES, parseTargetResult } from "./result.ts";
import { watchUsage } from "./usage.ts";

/** A program and its arguments; no shell reads them. */
export interface CommandTarget {
  command: readonly [string, ...string[]];
  /** Default: ours. */
  directory?: string;
  env?: Record<string, string>;
}

const GRACE_MS = 5_000;
const LAST_LINES = 10;
const LAST_LINE_LENGTH = 500;

/**
 * Runs the command to its end. Exit code 0 is a return, with what it wrote to the file named by HEADWORKS_RESULT.
 * Throws COMMAND_FAILED, COMMAND_NOT_FOUND, COMMAND_NOT_STARTED or TARGET_RESULT_INVALID; when the signal was aborted,
 * its reason, once the command is gone: SIGTERM, then SIGKILL `graceMs` milliseconds later.
 */
export async function runCommand(
  target: CommandTarget,
  request: TargetRequest,
  graceMs = GRACE_MS,
): Promise<TargetResult> {
  request.signal.throwIfAborted();
  const scratch = await mkdtemp(join(tmpdir(), "headworks-run-"));
  try {
    const resultPath = join(scratch, "result.json");
    // The environment is too small for it.
    const payloadPath = request.payload === undefined ? undefined : join(scratch, "payload.json");
    if (payloadPath !== undefined) await writeFile(payloadPath, writeExactly(request.payload));
    const paths = { resultPath, payloadPath };
    const { end, lastErrors, faults } = await runToEnd(target, request, paths, graceMs);
    request.signal.throwIfAborted();
    if (faults.length > 0) throw faults[0];
    if (end.code !== 0) throw failed(target, end, lastErrors);
    return await readResult(resultPath);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function runToEnd(target: CommandTarget, request: TargetRequest, paths: TargetPaths, graceMs: number) {
  const lastErrors: string[] = [];
  const [program, ...args] = target.command;
  try {
    const child = spawn(program, args, {
      ...(target.directory === undefined ? {} : { cwd: target.directory }),
      env: commandEnvironment(process.env, target.env ?? {}, request, paths),
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const faults: unknown[] = [];
    const onFault = (error: unknown) => faults.push(error);
    logLines(child.stdout, "info", request, onFault);
    logLines(child.stderr, "warn", request, onFault, (line) => {
      lastErrors.push(line.slice(0, LAST_LINE_LENGTH));
      if (lastErrors.length > LAST_LINES) lastErrors.shift();
    });
    const watch = watchUsage(child.pid);
    const end = await groupEnd(child, request.signal, graceMs).finally(() => {
      const usage = watch.stop();
      if (usage !== undefined) request.onUsage?.(usage);
    });
    return { end, lastErrors, faults };
  } catch (error) {
    throw notStarted(target, error);
  }
}

function logLines(
  stream: Readable,
  severity: LogSeverity,
  request: TargetRequest,
  onFault: (error: unknown) => void,
  onMessage: (message: string) => void = () => undefined,
): void {
  const lines = lineSplitter((line) => {
    const read = readLogLine(line, severity);
    request.onLog(read.severity, read.message, read.fields);
    onMessage(read.message);
  });
  stream.setEncoding("utf8");
  // What a listener throws would end the process, and every run in it.
  const guarded = (read: () => void) => {
    try {
      read();
    } catch (error) {
      onFault(error);
    }
  };
  stream.on("data", (text: string) => guarded(() => lines.write(text)));
  stream.once("close", () => guarded(() => lines.end()));
}

/** A command that writes no result has simply returned. What isn't a plain file is never opened: a pipe could block for ever. */
async function readResult(path: string): Promise<TargetResult> {
  if (!existsSync(path)) return {};
  const found = await stat(path);
  if (!found.isFile()) throw invalidResult("what the command left at HEADWORKS_RESULT is no plain file");
  if (found.size > MAX_RESULT_BYTES) {
    throw invalidResult(`the command's result has ${found.size} bytes, more than ${MAX_RESULT_BYTES}`);
  }
  return parseTargetResult(await readFile(path, "utf8"), "that the command wrote to HEADWORKS_RESULT");
}

function failed(target: CommandTarget, end: ProcessEnd, lastErrors: readonly string[]): HeadworksError {
  const how = end.signal === null ? `exited with code ${end.code}` : `was ended by ${end.signal}`;
  const said = lastErrors.length === 0 ? "" : `:\n${lastErrors.map((line) => `  ${line}`).join("\n")}`;
  return new HeadworksError({
    code: "COMMAND_FAILED",
    message: `${target.command[0]} ${how}${said}`,
    hint: `read the run's log for what it printed, or run the command by hand in ${directoryOf(target)}`,
  });
}

function notStarted(target: CommandTarget, cause: unknown): HeadworksError {
  const [program] = target.command;
  const directory = directoryOf(target);
  if (!existsSync(directory)) {
    const message = `${program} can't be started: there is no directory ${directory}`;
    return new HeadworksError({
      code: "COMMAND_NOT_FOUND",
      message,
      hint: "fix the directory of the command",
      cause,
    });
  }
  if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") {
    return new HeadworksError({
      code: "COMMAND_NOT_FOUND",
      message: `there is no program ${program}`,
      hint: "install it, fix its name, or write its path; a path is relative to the command's directory",
      cause,
    });
  }
  return new HeadworksError({
    code: "COMMAND_NOT_STARTED",
    message: `${program} can't be started: ${messageOf(cause)}`,
    hint: "see that the file is executable and that its first line names an interpreter",
    cause,
  });
}

function directoryOf(target: CommandTarget): string {
  return target.directory ?? process.cwd();
}
