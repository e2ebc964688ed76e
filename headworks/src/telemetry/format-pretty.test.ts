// Tests of the log for a person: what a line shows, and when it is colored.

import { Writable } from "node:stream";
import { WriteStream } from "node:tty";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openLog } from "./log.ts";

beforeEach(() => {
  vi.stubEnv("NO_COLOR", undefined);
  vi.stubEnv("NODE_DISABLE_COLORS", undefined);
  vi.stubEnv("FORCE_COLOR", undefined);
  vi.stubEnv("TERM", "xterm-256color");
});
afterEach(() => vi.unstubAllEnvs());

function openPrettyLog(terminal = false) {
  const written: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      written.push(chunk);
      done();
    },
  });
  if (terminal) Object.assign(stream, { isTTY: true, getColorDepth: WriteStream.prototype.getColorDepth });
  const log = openLog({ format: "pretty", stream, level: "debug" });
  return { log, text: () => written.join("") };
}

test("a line shows time, severity, processor and partition, message and fields", () => {
  const { log, text } = openPrettyLog();

  log
    .child({ pipeline: "nba", processor: "box_scores", partition: "2026-01-14" })
    .warn("3 of 9", { missing: 6, note: "two words", ids: ["a", "b"], empty: "", plain: "x" });

  expect(text()).toMatch(
    /^\d\d:\d\d:\d\d\.\d{3} WARNING box_scores\[2026-01-14\] 3 of 9 missing=6 note="two words" ids=\["a","b"\] empty="" plain=x\n$/,
  );
});

test("what isn't known takes no room", () => {
  const { log, text } = openPrettyLog();

  log.info("started");
  log.child({ pipeline: "nba" }).debug("planned");
  log.child({ processor: "teams" }).info("called");

  expect(text().replaceAll(/^\S+ /gm, "")).toBe(
    "INFO    started\nDEBUG   nba planned\nINFO    teams called\n",
  );
});

test("an error shows its message and code in the line, and its stack and cause below", () => {
  const { log, text } = openPrettyLog();
  const cause = Object.assign(new Error("reset"), { code: "ECONNRESET" });

  log.error("request failed", { error: new TypeError("no answer", { cause }), url: "/a" });

  const [line, ...below] = text().trimEnd().split("\n");
  expect(line).toMatch(/ERROR {3}request failed error="TypeError: no answer" url=\/a$/);
  expect(below[0]).toMatch(/^ {4}at .*format-pretty\.test\.ts/);
  expect(below).toContain('    caused by "Error: reset (ECONNRESET)"');
  expect(below.every((each) => each.startsWith("    "))).toBe(true);
});

test("what a source sent can neither break the line nor steer the terminal", () => {
  const { log, text } = openPrettyLog();
  const hostile = "a\nb\r\u001b[2J\u009b2J\u0007\u2028\u202ec";

  log.child({ processor: "p", partition: hostile }).info(hostile, { [hostile]: hostile, list: [hostile] });

  expect(text().match(/\n/g)).toHaveLength(1);
  expect(text()).toContain("a\\nb\\r\\u001b[2J\\u009b2J\\u0007\\u2028\\u202ec");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  expect(text().trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u202e]/);
});

test("a terminal gets colors, and the same text", () => {
  // A terminal as such: where the tests run is not to decide.
  vi.stubEnv("CI", undefined);
  vi.stubEnv("NO_COLOR", undefined);
  vi.stubEnv("TERM", "xterm-256color");
  const { log, text } = openPrettyLog(true);

  log.error("failed", { count: 1 });

  expect(text()).toContain("\u001b[31mERROR");
  expect(stripVTControlCharacters(text())).toMatch(/^\S+ ERROR {3}failed count=1\n$/);
});

test("no terminal gets no colors, and NO_COLOR turns them off", () => {
  const file = openPrettyLog();
  file.log.error("failed");
  vi.stubEnv("NO_COLOR", "1");
  const terminal = openPrettyLog(true);
  terminal.log.error("failed");

  expect(file.text() + terminal.text()).not.toContain("\u001b");
});
