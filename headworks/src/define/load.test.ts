// A configuration is found, loaded and checked; what stands in the way is one clear error.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { DEFAULT_RETENTION } from "../domain/retention.ts";
import { loadConfiguration } from "./load.ts";

const FACE = new URL("../index.ts", import.meta.url).href;
const PIPELINE = `
  import { pipeline, processor } from ${JSON.stringify(FACE)};
  const teams = processor("teams", { phase: "raw", run: () => undefined });
  const nba = pipeline("nba", { phases: ["raw"], processors: [teams] });`;

async function directoryWith(files: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "headworks-load-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return directory;
}

test.each([
  ["a pipeline", "export default nba;"],
  ["a list of pipelines", "export default [nba];"],
])("%s as the default export of a module is loaded", async (_, exported) => {
  const directory = await directoryWith({ "headworks.config.mjs": `${PIPELINE}\n${exported}` });
  const { path, registry } = await loadConfiguration(directory, undefined, {});
  expect(path).toBe(join(directory, "headworks.config.mjs"));
  expect(registry.pipelines.map(({ name }) => name)).toEqual(["nba"]);
  expect([...registry.processors.keys()]).toEqual(["teams"]);
});

test("a configuration can be named, and is preferred to those that would be found", async () => {
  const yaml = "pipeline: events\nphases: [a]\nprocessors: [{ name: b, phase: a, run: { command: c } }]\n";
  const directory = await directoryWith({
    "headworks.config.mjs": `${PIPELINE}\nexport default nba;`,
    "events.yml": yaml,
  });
  const { registry } = await loadConfiguration(directory, "events.yml", {});
  expect(registry.pipelines.map(({ name }) => name)).toEqual(["events"]);
});

test("a configuration that isn't there says what to write or name", async () => {
  const directory = await directoryWith({});
  await expect(loadConfiguration(directory, undefined, {})).rejects.toMatchObject({
    code: "CONFIGURATION_NOT_FOUND",
    hint: expect.stringContaining("headworks.config.ts"),
  });
  await expect(loadConfiguration(directory, "other.yaml", {})).rejects.toMatchObject({
    code: "CONFIGURATION_NOT_FOUND",
    message: expect.stringContaining(join(directory, "other.yaml")),
  });
});

test.each([
  ["no default export", "export const nba = 1;"],
  ["an empty list", "export default [];"],
  ["something else", "export default { kind: 'processor' };"],
])("a module with %s has no pipeline", async (_, text) => {
  const directory = await directoryWith({ "headworks.config.mjs": text });
  await expect(loadConfiguration(directory, undefined, {})).rejects.toMatchObject({
    code: "CONFIGURATION_INVALID",
    problems: [{ code: "NO_PIPELINE" }],
  });
});

test("a module that throws is named, with its error", async () => {
  const directory = await directoryWith({ "headworks.config.mjs": "throw new Error('no such table');" });
  await expect(loadConfiguration(directory, undefined, {})).rejects.toMatchObject({
    code: "CONFIGURATION_UNREADABLE",
    message: expect.stringMatching(/headworks\.config\.mjs can't be loaded: no such table$/),
  });
});

test("the export `retention` says for how long things are kept, the rest has its defaults", async () => {
  const imports = `import { retain } from ${JSON.stringify(FACE)};`;
  const directory = await directoryWith({
    "headworks.config.mjs": `${PIPELINE}\n${imports}\nexport default nba;\nexport const retention = retain({ logs: "14d" });`,
  });
  const { registry } = await loadConfiguration(directory, undefined, {});
  expect(registry.retention).toEqual({ ...DEFAULT_RETENTION, logsMs: 14 * 86_400_000 });
});

test.each([
  ["{ logs: '14d' }", "NO_RETENTION"],
  ["retain({ logs: 'a while' })", "BAD_DURATION"],
  ["retain({ log: '14d' })", "UNKNOWN_AGE"],
])("a retention that is none is told: %s", async (written, code) => {
  const imports = `import { retain } from ${JSON.stringify(FACE)};`;
  const directory = await directoryWith({
    "headworks.config.mjs": `${PIPELINE}\n${imports}\nexport default nba;\nexport const retention = ${written};`,
  });
  await expect(loadConfiguration(directory, undefined, {})).rejects.toMatchObject({ problems: [{ code }] });
});
