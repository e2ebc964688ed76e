// Commands are real processes here: what they are told, what they print, what they answer, how they fail.

import { existsSync } from "node:fs";
import { chmod, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { runCommand } from "./command.ts";
import type { TargetRequest } from "./request.ts";
import type { Usage } from "./usage.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

type Line = [severity: string, message: string, fields?: Readonly<Record<string, unknown>>];

function requestOf(lines: Line[] = []): TargetRequest {
  return {
    pipeline: "events",
    processor: "venue_pages",
    partition: "2026-01-14",
    namespace: "prod",
    run: "018f",
    attempt: 2,
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    signal: new AbortController().signal,
    onLog: (severity, message, fields) => {
      lines.push(fields === undefined ? [severity, message] : [severity, message, fields]);
    },
  };
}

const node = (script: string): { command: [string, ...string[]] } => ({
  command: [process.execPath, "--input-type=module", "--eval", script],
});

const writing = (result: string) =>
  node(
    `import { writeFileSync } from "node:fs"; writeFileSync(process.env.HEADWORKS_RESULT, ${JSON.stringify(result)});`,
  );

test.runIf(process.platform === "linux")(
  "what a command used is told, with what its own children did",
  async () => {
    const script = `import { execFileSync } from "node:child_process";
    const held = Buffer.alloc(150_000_000, 1);
    const until = Date.now() + 700;
    while (Date.now() < until);
    execFileSync(process.execPath, ["--eval", "const until = Date.now() + 700; while (Date.now() < until);"]);
    await new Promise((resolve) => setTimeout(resolve, 700 + (held.length % 2)));`;
    let usage: Usage | undefined;
    await runCommand(node(script), {
      ...requestOf(),
      onUsage: (told) => {
        usage = told;
      },
    });
    // Of the 1.4 s some may not have been had, on a busy machine.
    expect(usage?.cpuMs).toBeGreaterThan(300);
    expect(usage?.peakMemoryBytes).toBeGreaterThan(150_000_000);
  },
);

test("what was handed over is a file that it can read, however large; without a payload there is none", async () => {
  const payload = { text: "é".repeat(400_000), list: [1, null] };
  const lines: Line[] = [];
  const script = `import { readFileSync } from "node:fs";
    const { text, list } = JSON.parse(readFileSync(process.env.HEADWORKS_PAYLOAD, "utf8"));
    console.log(text.length + " " + JSON.stringify(list));`;
  await runCommand(node(script), { ...requestOf(lines), payload });
  expect(lines).toEqual([["info", "400000 [1,null]"]]);
  expect(await linesOf("console.log(String(process.env.HEADWORKS_PAYLOAD))")).toEqual([
    ["info", "undefined"],
  ]);
});

async function temporaryDirectory(): Promise<string> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), "headworks-command-")));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

async function linesOf(script: string): Promise<Line[]> {
  const lines: Line[] = [];
  await runCommand(node(script), requestOf(lines));
  return lines;
}

test("a command is told which run it is, and little else of our environment", async () => {
  vi.stubEnv("DATABASE_URL", "postgres://secret");
  vi.stubEnv("LC_TIME", "C");
  const lines: Line[] = [];
  const target = {
    ...node("console.log(JSON.stringify({ message: process.cwd(), ...process.env }))"),
    directory: await temporaryDirectory(),
    env: { MODE: "full", HEADWORKS_RUN: "another" },
  };
  await runCommand(target, requestOf(lines));
  const [, message, environment] = lines[0] ?? [];
  expect(message).toBe(target.directory);
  expect(environment).toMatchObject({
    HEADWORKS_PIPELINE: "events",
    HEADWORKS_PROCESSOR: "venue_pages",
    HEADWORKS_PARTITION: "2026-01-14",
    HEADWORKS_NAMESPACE: "prod",
    HEADWORKS_RUN: "018f",
    HEADWORKS_ATTEMPT: "2",
    TRACEPARENT: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    PATH: process.env.PATH,
    LC_TIME: "C",
    MODE: "full",
  });
  expect(environment).not.toHaveProperty("DATABASE_URL");
});

test("what the command writes to HEADWORKS_RESULT is its result", async () => {
  const result = {
    outcome: "dependency_missing",
    note: "no schedule yet",
    waitsFor: { processor: "schedule", partition: "2026-01-14" },
    metrics: { pages: 3.5 },
  };
  expect(await runCommand(writing(JSON.stringify(result)), requestOf())).toEqual(result);
  expect(await runCommand(writing('{"records": 12}\n'), requestOf())).toEqual({ records: 12 });
});

test("a command that writes no result has returned, and its file is gone", async () => {
  const lines: Line[] = [];
  expect(await runCommand(node("console.log(process.env.HEADWORKS_RESULT)"), requestOf(lines))).toEqual({});
  const path = lines[0]?.[1] ?? "";
  expect(path).toMatch(/result\.json$/);
  expect(existsSync(dirname(path))).toBe(false);
});

test.each([
  ["that is no JSON", "{ records: 12 }", /result that the command wrote to HEADWORKS_RESULT is not JSON: /],
  ["with an unknown key", '{"record": 12}', /not of the right form: it: Unrecognized key: "record"/],
  ["with two mistakes", '{"records": -1, "outcome": "sucess"}', /records: .*; outcome: /],
  [
    "with records and no data",
    '{"records": 3, "outcome": "no_data_available"}',
    /outcome: a run with records can't end as one without data/,
  ],
  [
    "that waits for nothing",
    '{"waitsFor": {"processor": "a", "partition": "b"}}',
    /waitsFor: only a run that ends as dependency_missing/,
  ],
  ["that is a list", "[]", /not of the right form/],
])("a result %s is an error that says so", async (_, text, message) => {
  await expect(runCommand(writing(text), requestOf())).rejects.toMatchObject({
    code: "TARGET_RESULT_INVALID",
    message: expect.stringMatching(message),
    hint: expect.stringContaining('"records": 12'),
  });
});

test("a result beyond a mebibyte is not read", async () => {
  const target = node(
    'import { writeFileSync } from "node:fs"; writeFileSync(process.env.HEADWORKS_RESULT, " ".repeat(2 ** 20 + 1));',
  );
  await expect(runCommand(target, requestOf())).rejects.toMatchObject({
    code: "TARGET_RESULT_INVALID",
    message: expect.stringContaining("1048577 bytes, more than 1048576"),
  });
});

test("a result that is no plain file is never opened", async () => {
  const target = node('import { mkdirSync } from "node:fs"; mkdirSync(process.env.HEADWORKS_RESULT);');
  await expect(runCommand(target, requestOf())).rejects.toMatchObject({ code: "TARGET_RESULT_INVALID" });
});

test("its output becomes log lines: stdout as info, stderr as warn, the last one also without an end", async () => {
  const lines = await linesOf(
    'console.log("one\\r\\n\\nzwölf"); console.error("oh"); process.stdout.write("last")',
  );
  expect(lines.filter(([severity]) => severity === "info").map(([, message]) => message)).toEqual([
    "one",
    "zwölf",
    "last",
  ]);
  expect(lines.filter(([severity]) => severity === "warn")).toEqual([["warn", "oh"]]);
});

test("a line of JSON with a message is taken apart, in Cloud Logging's names", async () => {
  const printed = [
    '{"severity":"WARNING","message":"slow","url":"/a","took":{"ms":12}}',
    '{"severity":"critical","message":"broken"}',
    '{"severity":"?","message":"odd"}',
    '{"text":"no message"}',
    '{"message": broken}',
    '{"message":"m","severity":{"toString":1}}',
    '{"message":"n","severity":["WARNING"]}',
    '{"message":"o","severity":null,"toString":1}',
  ];
  expect(await linesOf(`console.log(${JSON.stringify(printed.join("\n"))})`)).toEqual([
    ["warn", "slow", { url: "/a", took: { ms: 12 } }],
    ["error", "broken"],
    ["info", "odd"],
    ["info", '{"text":"no message"}'],
    ["info", '{"message": broken}'],
    ["info", "m"],
    ["info", "n"],
    ["info", "o", { toString: 1 }],
  ]);
});

test("a line without an end in sight is cut, whatever its length", async () => {
  const lines = await linesOf('for (let i = 0; i < 16; i += 1) process.stdout.write("x".repeat(2 ** 20));');
  expect(lines).toEqual([["info", `${"x".repeat(16_384)}… (${2 ** 24 - 16_384} more characters)`]]);
});

test("an exit code other than 0 is an error with the last lines of stderr", async () => {
  const target = node('for (let i = 1; i <= 12; i += 1) console.error("line " + i); process.exitCode = 3;');
  const said = Array.from({ length: 10 }, (_, index) => `  line ${index + 3}`).join("\n");
  await expect(runCommand(target, requestOf())).rejects.toMatchObject({
    code: "COMMAND_FAILED",
    message: `${process.execPath} exited with code 3:\n${said}`,
  });
});

test("a command that is killed says by which signal", async () => {
  const target = node('process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1000);');
  await expect(runCommand(target, requestOf())).rejects.toMatchObject({
    code: "COMMAND_FAILED",
    message: `${process.execPath} was ended by SIGKILL`,
  });
});

test("no shell reads the arguments", async () => {
  const lines: Line[] = [];
  const { command } = node("console.log(process.argv[1])");
  await runCommand({ command: [...command, "$(id); a b > c"] }, requestOf(lines));
  expect(lines).toEqual([["info", "$(id); a b > c"]]);
});

test("a program, or a directory, that isn't there is named", async () => {
  await expect(runCommand({ command: ["no-such-program"] }, requestOf())).rejects.toMatchObject({
    code: "COMMAND_NOT_FOUND",
    message: "there is no program no-such-program",
  });
  const directory = join(await temporaryDirectory(), "gone");
  await expect(runCommand({ ...node(""), directory }, requestOf())).rejects.toMatchObject({
    code: "COMMAND_NOT_FOUND",
    message: expect.stringContaining(`there is no directory ${directory}`),
  });
});

test("a file that is no program can't be started", async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, "scrape"), "not a program");
  await chmod(join(directory, "scrape"), 0o600);
  await expect(runCommand({ command: ["./scrape"], directory }, requestOf())).rejects.toMatchObject({
    code: "COMMAND_NOT_STARTED",
    message: expect.stringContaining("./scrape can't be started"),
  });
});
