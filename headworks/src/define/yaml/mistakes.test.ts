// Each mistake in a processors.yaml is told with its line, its column, what is wrong and what to do.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ConfigurationError } from "../compile/problems.ts";
import type { Problem } from "../registry.ts";
import { loadRegistryFile } from "./read.ts";

async function problemsOf(text: string): Promise<readonly Problem[]> {
  const directory = await mkdtemp(join(tmpdir(), "headworks-registry-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, "processors.yaml");
  await writeFile(path, text);
  try {
    await loadRegistryFile(path);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  throw new Error("no mistake was found");
}

/** A file with one processor, whose further fields begin on line 7, column 5. */
const withField = (field: string) => `pipeline: events
phases: [scrape]
processors:
  - name: venue_pages
    phase: scrape
    run: { command: [node, scrape.mjs] }
    ${field}
`;

const at = (place: string, field: string) => `processors.yaml:${place} › processors[0]${field}`;

test.each([
  ["timeout: 30", at("7:14", ".timeout"), "it must be text, not 30", /a number and a unit, such as 90s/],
  ["timeout: 30min", at("7:14", ".timeout"), '"30min" is not a duration', /a number and a unit/],
  ["heartbeat: 0s", at("7:16", ".heartbeat"), '"0s" is not a duration', /a number and a unit/],
  ["timeout:", at("7:13", ".timeout"), "it is empty", /a number and a unit/],
  ["timeuot: 30m", at("7:5", ".timeuot"), "there is no key timeuot here", /^did you mean timeout\?$/],
  ["color: red", at("7:5", ".color"), "there is no key color here", /^use one of: name, phase, /],
  ["criticality: hihg", at("7:18", ".criticality"), '"hihg" is none of its values', /^did you mean high\?$/],
  ["criticality: [high]", at("7:18", ".criticality"), "a list is none of its values", /what runs first/],
  ["dependencies: venues", at("7:19", ".dependencies"), 'it must be a list, not "venues"', /A list of/],
  [
    "dependencies: [a, 5]",
    at("7:23", ".dependencies[1]"),
    "it must be text, not 5",
    /A processor's name, \{/,
  ],
  ["dependencies: [{}]", at("7:20", ".dependencies[0].processor"), "it is missing", /name of the processor/],
  [
    "dependencies: [{ procesor: a, processor: a }]",
    at("7:22", ".dependencies[0].procesor"),
    "there is no key procesor here",
    /^did you mean processor\?$/,
  ],
  [
    "dependencies: [{ any_of: [a], optional: true }]",
    at("7:35", ".dependencies[0].optional"),
    "optional does not go with the keys beside it",
    /or \{ any_of: \[name, …\] \}/,
  ],
  [
    "dependencies: [{ processor: a, partitions: { trailing: 0 } }]",
    at("7:60", ".dependencies[0].partitions.trailing"),
    "it must be at least 1",
    /so many in all/,
  ],
  [
    "expected_frequency: dayly",
    at("7:25", ".expected_frequency"),
    '"dayly" is none of its values',
    /daily\?$/,
  ],
  ["expected_frequency: daily", at("7:25", ".expected_frequency"), "it does not say when it starts", /start/],
  [
    "expected_frequency: { every: daily }",
    at("7:25", ".expected_frequency"),
    "it does not say when it starts",
    /write \{ every: daily, start: /,
  ],
  [
    "expected_frequency: { every: daily, start: 2025-02-30 }",
    at("7:48", ".expected_frequency.start"),
    "there is no day 2025-02-30",
    /year-month-day/,
  ],
  [
    "expected_frequency: { every: daily, start: 21.10.2025 }",
    at("7:48", ".expected_frequency.start"),
    '"21.10.2025" is not a day',
    /year-month-day/,
  ],
  [
    "expected_frequency: { every: daily, start: 2025-10-21, timezone: Mars/Base }",
    at("7:70", ".expected_frequency.timezone"),
    'there is no time zone "Mars/Base"',
    /IANA/,
  ],
  [
    'sla_completion_time: "25:00"',
    at("7:26", ".sla_completion_time"),
    '"25:00" is not a completion time',
    /"2d 03:00"/,
  ],
  ["expected_record_range: -1", at("7:28", ".expected_record_range"), "it must be at least 0", /min alone/],
  [
    "expected_record_range: { min: 1.5 }",
    at("7:35", ".expected_record_range.min"),
    "it must be a whole number, not 1.5",
    /fewest/,
  ],
  ["expected_record_range: { max: 5 }", at("7:28", ".expected_record_range.min"), "it is missing", /fewest/],
])("%s", async (field, where, message, hint) => {
  expect(await problemsOf(withField(field))).toEqual([
    expect.objectContaining({ where, message, hint: expect.stringMatching(hint) }),
  ]);
});

test.each([
  ["", "5", ".run", "it is missing", /What does the work/],
  ["run: node", "6:10", ".run", 'it must be a mapping, not "node"', /What does the work/],
  ["run: { command: node scrape.mjs }", "6:21", ".run.command", /has spaces/, /\["node", "scrape.mjs"\]/],
  ["run: { command: [] }", "6:21", ".run.command[0]", "it is missing", /as a list/],
  ["run: { command: node, env: { PORT: 80 } }", "6:40", ".run.env.PORT", "it must be text, not 80", /quotes/],
  ["run: { http: localhost:8080 }", "6:18", ".run.http", '"localhost:8080" is not an address', /https:/],
  ["run: { htpp: x }", "6:12", ".run.htpp", "there is no key htpp here", /^did you mean http\?$/],
])("a processor with %j", async (run, place, field, message, hint) => {
  const text = `pipeline: events\nphases: [scrape]\nprocessors:\n  - name: venue_pages\n    phase: scrape\n    ${run}\n`;
  const line = place === "5" ? "4:5" : place;
  expect(await problemsOf(text)).toContainEqual(
    expect.objectContaining({
      where: at(line, field),
      message: typeof message === "string" ? message : expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    }),
  );
});

test("an empty file, a list, and a file without processors", async () => {
  expect(await problemsOf("")).toMatchObject([{ where: "processors.yaml:1:1", message: "it is empty" }]);
  expect(await problemsOf("\n- a\n")).toMatchObject([
    { where: "processors.yaml:2:1", message: "it must be a mapping, not a list" },
  ]);
  expect(await problemsOf("pipeline: events\n")).toMatchObject([
    { where: "processors.yaml:1:1 › phases", message: "it is missing" },
    { where: "processors.yaml:1:1 › processors", message: "it is missing" },
  ]);
});

test("queues with a bad name and bad settings", async () => {
  const text = `${withField("")}queues:\n  Web: {}\n  web:\n    maxAttempts: 0\n    maxAttemps: 3\n    minBackoff: 1\n`;
  expect(await problemsOf(text)).toMatchObject([
    { where: "processors.yaml:9:3 › queues.Web", message: `"Web" can't be used as a name` },
    { where: "processors.yaml:11:18 › queues.web.maxAttempts", message: "it must be at least 1" },
    { where: "processors.yaml:12:5 › queues.web.maxAttemps", hint: "did you mean maxAttempts?" },
    { where: "processors.yaml:13:17 › queues.web.minBackoff", message: "it must be text, not 1" },
  ]);
});

test("all mistakes at once, in the order of the file", async () => {
  const text = withField(
    "timeout: soon\n    heartbeat: 5\n  - phase: 7\n    nmae: x\n    run: { command: a b }",
  );
  const found = await problemsOf(text.replace("pipeline: events", "pipeline: Events"));
  expect(found.map(({ where }) => where)).toEqual([
    "processors.yaml:1:11 › pipeline",
    "processors.yaml:7:14 › processors[0].timeout",
    "processors.yaml:8:16 › processors[0].heartbeat",
    "processors.yaml:9:5 › processors[1].name",
    "processors.yaml:9:12 › processors[1].phase",
    "processors.yaml:10:5 › processors[1].nmae",
    "processors.yaml:11:21 › processors[1].run.command",
  ]);
});

test.each([
  ["an unclosed list", "pipeline: events\nphases: [scrape\nprocessors: []\n", "3:1"],
  ["a key given twice", "pipeline: events\npipeline: other\n", "2:1"],
  ["a tab as indentation", "pipeline: events\nqueues:\n\tweb: {}\n", "3:1"],
  ["two documents", "pipeline: events\n---\npipeline: other\n", "2:1"],
  ["an alias without its anchor", "pipeline: *nobody\n", "1:11"],
  ["an unknown tag", "pipeline: !name events\n", "1:11"],
])("%s is a mistake of syntax with its place", async (_, text, place) => {
  const found = await problemsOf(text);
  expect(found[0]).toMatchObject({ code: "YAML_SYNTAX", where: `processors.yaml:${place}` });
  expect(new Set(found.map(({ code }) => code))).toEqual(new Set(["YAML_SYNTAX"]));
});

test("aliases that would grow without bounds are refused", async () => {
  const grown = ["a: &a [x, x, x, x, x, x, x, x, x]"];
  for (const [name, of] of ["ba", "cb", "dc", "ed"]) grown.push(`${name}: &${name} [${`*${of},`.repeat(9)}]`);
  expect(await problemsOf(grown.join("\n"))).toMatchObject([
    { code: "YAML_SYNTAX", message: expect.stringContaining("alias") },
  ]);
});

test("a mistake behind an alias is told where its anchor is", async () => {
  const found = await problemsOf(withField("timeout: &limit soon\n    heartbeat: *limit"));
  expect(found.map(({ where }) => where)).toEqual([at("7:21", ".timeout"), at("7:21", ".heartbeat")]);
});

test("a mistake in a schedule is told with its line, and one that concerns processors too", async () => {
  const schedules = (entry: string) => `${withField("timeout: 30m")}schedules:\n  - ${entry}\n`;
  expect(
    await problemsOf(schedules('{ name: nightly, cron: "0 3 * *", run: venue_pages, jitter: 5 }')),
  ).toMatchObject([
    {
      where: "processors.yaml:9:28 › schedules[0].cron",
      message: '"0 3 * *" has 4 fields, not 5',
      hint: expect.stringContaining('"0 3 * * *" is every day at 03:00'),
    },
    { where: "processors.yaml:9:65 › schedules[0].jitter", message: "it must be text, not 5" },
  ]);
});

test("an age that is none, and one that nobody knows, are told", async () => {
  const problems = await problemsOf(`${withField("timeout: 1m")}retention: { logs: a while, archiv: 1d }
`);
  expect(problems).toMatchObject([
    { where: "processors.yaml:8:20 › retention.logs", message: '"a while" is not a duration' },
    { message: "there is no key archiv here", hint: "did you mean archive?" },
  ]);
});
