// A processors.yaml gives the same definitions as TypeScript does, and its JSON Schema is the one that is published.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  anyOf,
  daily,
  every,
  need,
  optional,
  pipeline,
  preceding,
  processor,
  queue,
  schedule,
  single,
  trailing,
  weekly,
} from "../../index.ts";
import { loadConfiguration } from "../load.ts";
import { retain } from "../retention.ts";
import { loadRegistryFile } from "./read.ts";
import { registryFileJsonSchema } from "./schema.ts";

async function written(text: string): Promise<{ directory: string; path: string }> {
  const directory = await mkdtemp(join(tmpdir(), "headworks-registry-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const path = join(directory, "processors.yaml");
  await writeFile(path, text);
  return { directory, path };
}

const COMPLETE = `# yaml-language-server: $schema=node_modules/headworks/schema/processors.schema.json
pipeline: events
phases: [scrape, process, publish]
timezone: America/New_York
start: 2025-10-21
queues:
  web: { maxDispatchesPerSecond: 2, maxAttempts: 3, maxRetryDuration: 1h, minBackoff: 30s, lanes: { backfill: { weight: 2 } } }
processors:
  - name: venues
    phase: scrape
    expected_record_range: 1
    run: { command: ./venues }
  - name: venue_pages
    phase: scrape
    criticality: high
    dependencies: [venues]
    expected_frequency: daily
    sla_completion_time: "2d 03:00"
    timeout: 30m
    heartbeat: 5m
    dynamic_timeout: { factor: 4, floor: 10s }
    recheck_every: 10m
    give_up_after: 2d
    queue: web
    expected_record_range: { min: 1, max: 500 }
    run:
      command: ["node", "scrape.mjs"]
      directory: scrapers
      env: { MODE: full }
  - name: digest
    phase: publish
    dependencies:
      - { processor: venue_pages, partitions: { trailing: 7 }, accept: degraded }
      - { processor: venues, optional: true, partitions: every }
      - any_of: [venues, { processor: venue_pages, partitions: { preceding: 1 } }]
    expected_frequency: { every: weekly, timezone: Asia/Tokyo, start: 2025-11-03, end: 2026-05-31, opens: start }
    sla_completion_time: "03:00"
    run: { http: "http://127.0.0.1:8080/run", headers: { X-Team: events } }
schedules:
  - { name: refresh, cron: "*/15 8-20 * * *", run: venues }
  - name: yesterday
    cron: "30 2 * * *"
    timezone: Asia/Tokyo
    run: [venues, venue_pages]
    partition: { days_back: 1 }
    missed: all
    jitter: 5m
retention: { archive: 400d, rejected_rows: 7d }
`;

test("a complete file gives the definitions that TypeScript would", async () => {
  const { directory, path } = await written(COMPLETE);
  const days = daily({ timezone: "America/New_York", start: "2025-10-21" });
  const weeks = weekly({ timezone: "Asia/Tokyo", start: "2025-11-03", end: "2026-05-31", opens: "start" });
  const web = queue("web", {
    maxDispatchesPerSecond: 2,
    maxAttempts: 3,
    maxRetryDuration: "1h",
    minBackoff: "30s",
    lanes: { backfill: { weight: 2 } },
  });
  const venues = processor("venues", {
    phase: "scrape",
    partitions: single(),
    expect: 1,
    run: { kind: "command", command: ["./venues"], directory },
  });
  const venuePages = processor("venue_pages", {
    phase: "scrape",
    criticality: "high",
    needs: [need("venues")],
    partitions: days,
    expectedBy: { days: 2, at: "03:00" },
    hardTimeout: "30m",
    heartbeat: "5m",
    dynamicTimeout: { factor: 4, floor: "10s" },
    recheckEvery: "10m",
    giveUpAfter: "2d",
    queue: web,
    expect: { min: 1, max: 500 },
    run: {
      kind: "command",
      command: ["node", "scrape.mjs"],
      directory: join(directory, "scrapers"),
      env: { MODE: "full" },
    },
  });
  const digest = processor("digest", {
    phase: "publish",
    needs: [
      need("venue_pages", { partitions: trailing(7), accept: "degraded" }),
      optional(need("venues", { partitions: every() })),
      anyOf("venues", need("venue_pages", { partitions: preceding(1) })),
    ],
    partitions: weeks,
    expectedBy: { days: 1, at: "03:00" },
    run: { kind: "http", url: "http://127.0.0.1:8080/run", headers: { "X-Team": "events" } },
  });
  const { pipelines, retention } = await loadRegistryFile(path);
  expect(retention).toStrictEqual(retain({ archive: "400d", rejectedRows: "7d" }));
  expect(pipelines).toStrictEqual([
    pipeline("events", {
      phases: ["scrape", "process", "publish"],
      processors: [
        { ...venues, declaredAt: "processors.yaml:9:5" },
        { ...venuePages, declaredAt: "processors.yaml:13:5" },
        { ...digest, declaredAt: "processors.yaml:30:5" },
      ],
      schedules: [
        {
          ...schedule("refresh", { cron: "*/15 8-20 * * *", run: "venues", timezone: "America/New_York" }),
          declaredAt: "processors.yaml:40:5",
        },
        {
          ...schedule("yesterday", {
            cron: "30 2 * * *",
            timezone: "Asia/Tokyo",
            run: ["venues", "venue_pages"],
            partition: { daysBack: 1 },
            missed: "all",
            jitter: "5m",
          }),
          declaredAt: "processors.yaml:41:5",
        },
      ],
    }),
  ]);
});

test("a file is found in its directory, compiled and checked like any configuration", async () => {
  const { directory, path } = await written(COMPLETE);
  const loaded = await loadConfiguration(directory, undefined, {});
  expect(loaded.path).toBe(path);
  expect([...loaded.registry.processors.keys()]).toEqual(["venues", "venue_pages", "digest"]);
  expect(loaded.registry.processors.get("venue_pages")?.queue).toMatchObject({ name: "web", rate: 2 });
});

test("mistakes between processors say where in the file each of them stands", async () => {
  const { directory } = await written(`pipeline: events
phases: [scrape]
processors:
  - name: a
    phase: scrap
    dependencies: [b, venue]
    run: { command: a }
  - { name: b, phase: scrape, dependencies: [a], queue: web, run: { command: b } }
  - { name: venues, phase: scrape, run: { command: b } }
  - { name: venues, phase: scrape, expected_record_range: { min: 5, max: 1 }, run: { command: b } }
`);
  await expect(loadConfiguration(directory, undefined, {})).rejects.toMatchObject({
    problems: [
      { code: "DUPLICATE_NAME", where: "processor venues (processors.yaml:10:5)" },
      { code: "UNKNOWN_PHASE", where: "processor a (processors.yaml:4:5) › phase" },
      { code: "UNKNOWN_QUEUE", where: "processor b (processors.yaml:8:5) › queue" },
      { code: "BAD_NUMBER", where: "processor venues (processors.yaml:10:5) › expect.max" },
      {
        code: "UNKNOWN_DEPENDENCY",
        where: "processor a (processors.yaml:4:5) › needs[1]",
        hint: "did you mean venues?",
      },
      {
        code: "DEPENDENCY_CYCLE",
        where: "processor a (processors.yaml:4:5)",
        message: "its needs form a circle: a → b → a",
      },
    ],
  });
});

test("a file that can't be read is one clear error", async () => {
  await expect(loadRegistryFile(tmpdir())).rejects.toMatchObject({ code: "CONFIGURATION_UNREADABLE" });
});

test("the published JSON Schema is up to date (npm run schema writes it)", async () => {
  const published = await readFile(
    new URL("../../../schema/processors.schema.json", import.meta.url),
    "utf8",
  );
  expect(JSON.parse(published)).toEqual(registryFileJsonSchema());
});

test("every field of the JSON Schema is described", () => {
  const undescribed = fieldsOf(registryFileJsonSchema(), "").filter(({ described }) => !described);
  expect(undescribed).toEqual([]);
});

/** Each property anywhere in the schema, with its path. */
function fieldsOf(schema: unknown, path: string): { path: string; described: boolean }[] {
  if (typeof schema !== "object" || schema === null) return [];
  const properties = "properties" in schema ? Object.entries(schema.properties ?? {}) : [];
  const own = properties.map(([name, field]) => ({
    path: `${path}.${name}`,
    described: typeof field === "object" && field !== null && "description" in field,
  }));
  return [...own, ...Object.entries(schema).flatMap(([key, inner]) => fieldsOf(inner, `${path}.${key}`))];
}
