// Tests of the log in JSON: the names Cloud Logging reads, and that nothing hides or breaks them.

import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { type LogOptions, openLog } from "./log.ts";
import { createRedactor } from "./redact.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

function openMemoryLog(options: Partial<LogOptions> = {}) {
  const written: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      written.push(chunk);
      done();
    },
  });
  const log = openLog({ format: "json", stream, ...options });
  return { log, stream, written, events: () => written.map((line) => JSON.parse(line)) };
}

test("a line has Cloud Logging's names, with the labels as texts and the fields beside them", () => {
  const { log, written, events } = openMemoryLog();

  log
    .child({ processor: "box_scores", partition: "2026-01-14", trace: TRACE })
    .child({ attempt: 2, outcome: "success" })
    .info("run settled", { duration_ms: 12, records: 9 });

  expect(written).toHaveLength(1);
  expect(written[0]).toMatch(/^\{.*\}\n$/);
  expect(events()).toEqual([
    {
      severity: "INFO",
      message: "run settled",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      trace: TRACE,
      "logging.googleapis.com/trace": TRACE,
      "logging.googleapis.com/labels": {
        processor: "box_scores",
        partition: "2026-01-14",
        attempt: "2",
        outcome: "success",
      },
      duration_ms: 12,
      records: 9,
    },
  ]);
});

test("lines below the level are not written", () => {
  const { log, events } = openMemoryLog({ level: "warn" });

  for (const level of ["debug", "info", "warn", "error"] as const) log[level](level);

  expect(events().map(({ severity }) => severity)).toEqual(["WARNING", "ERROR"]);
});

test("the level is info unless another is asked for", () => {
  const { log, events } = openMemoryLog();

  for (const level of ["debug", "info"] as const) log[level](level);

  expect(events().map(({ message }) => message)).toEqual(["info"]);
});

test("a field can't hide what the line itself says", () => {
  const { log, events } = openMemoryLog();

  log.error("real", { severity: "INFO", message: "false", time: 0, trace: "x" });

  expect(events()).toEqual([
    expect.objectContaining({
      severity: "ERROR",
      message: "real",
      severity_: "INFO",
      message_: "false",
      time_: 0,
      trace_: "x",
    }),
  ]);
});

test("a child replaces labels and leaves its parent alone", () => {
  const { log, events } = openMemoryLog();
  const parent = log.child({ run: "1", phase: "raw" });

  parent.child({ run: "2", phase: undefined }).info("child");
  parent.info("parent");
  log.info("none");

  const labels = events().map((event) => event["logging.googleapis.com/labels"]);
  expect(labels).toEqual([{ run: "2" }, { run: "1", phase: "raw" }, undefined]);
});

test("secrets are in no message, field, error or label", () => {
  const { log, written } = openMemoryLog({ redact: createRedactor(["hunter2000"]) });

  log
    .child({ partition: "hunter2000" })
    .error("it was hunter2000", { hunter2000: ["hunter2000"], error: new Error("hunter2000") });

  expect(written.join("")).toContain("[redacted]");
  expect(written.join("")).not.toContain("hunter");
});

test("a line is one line without control characters, whatever a source sent", () => {
  const { log, written, events } = openMemoryLog();
  const hostile = "a\n{}\r\u001b[2J\u009b2J\u0085\u2028b";

  log.info(hostile, { hostile });

  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  expect(written.join("").trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
  expect(events()).toEqual([expect.objectContaining({ message: hostile, hostile })]);
});

test("a reader that goes away ends nobody who logs", async () => {
  const { log, stream } = openMemoryLog();
  const closed = new Promise((resolve) => stream.once("close", resolve));

  stream.destroy(new Error("EPIPE"));
  await closed;

  expect(() => log.info("to nobody")).not.toThrow();
});
