// The log of a process: one line for each event, as JSON in Cloud Logging's field names or for a person at a terminal.
//
// Not pino: labels that children replace, fields that mustn't hide `severity` or `time`, and two formats need more
// around it than they need without it.

import type { Writable } from "node:stream";
import type { Severity } from "../domain/severity.ts";
import { formatJson } from "./format-json.ts";
import { formatPretty } from "./format-pretty.ts";
import { type Labels, type LogEvent, type PreparedLine, prepareLine } from "./line.ts";
import type { Redactor } from "./redact.ts";

export type Level = "debug" | "info" | "warn" | "error";
export type LogFormat = "json" | "pretty";

export interface LogOptions {
  format: LogFormat;
  /** Default: stderr. */
  stream?: Writable;
  /** The least severe lines that are written. Default `info`. */
  level?: Level;
  /** Default: nothing is redacted. */
  redact?: Redactor;
}

export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
  /** Writes a line that was prepared, and so redacted, before. */
  write(severity: Severity, line: PreparedLine, at?: Date): void;
  /** A log whose lines carry these labels besides this one's. */
  child(labels: Labels): Log;
}

const SEVERITY_OF = { debug: "DEBUG", info: "INFO", warn: "WARNING", error: "ERROR" } as const;
const RANK: Record<Severity, number> = { DEBUG: 0, INFO: 1, WARNING: 2, ERROR: 3 };

const outlived = new WeakSet<Writable>();

/** Who reads the log may go away; what is logged must not end for it. */
function outliveReaderOf(stream: Writable): void {
  if (outlived.has(stream)) return;
  outlived.add(stream);
  stream.on("error", () => undefined);
}

/** Opens a log. Nothing needs to be closed: each line is written when it is logged. */
export function openLog(options: LogOptions): Log {
  const stream = options.stream ?? process.stderr;
  const redact = options.redact ?? ((text) => text);
  const format = options.format === "json" ? formatJson : (event: LogEvent) => formatPretty(event, stream);
  const least = RANK[SEVERITY_OF[options.level ?? "info"]];
  outliveReaderOf(stream);

  function logWith(labels: Labels): Log {
    const write: Log["write"] = (severity, line, at = new Date()) => {
      if (RANK[severity] >= least) stream.write(`${format({ ...line, severity, at, labels })}\n`);
    };
    const log = (severity: Severity) => (message: string, fields?: Record<string, unknown>) => {
      if (RANK[severity] >= least) write(severity, prepareLine(message, fields, redact));
    };
    return {
      debug: log("DEBUG"),
      info: log("INFO"),
      warn: log("WARNING"),
      error: log("ERROR"),
      write,
      child: (more) => logWith({ ...labels, ...redactLabels(more, redact) }),
    };
  }
  return logWith({});
}

function redactLabels(labels: Labels, redact: Redactor): Labels {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [name, typeof value === "string" ? redact(value) : value]),
  );
}
