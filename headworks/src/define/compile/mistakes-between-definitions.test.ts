// What is said of definitions that don't fit each other: needs, names, owners, mappings, discovered partitions.

import { expect, test } from "vitest";
import { z } from "zod";
import {
  anyOf,
  daily,
  dataset,
  dynamic,
  every,
  need,
  optional,
  pipeline,
  queue,
  single,
  source,
} from "../../index.ts";
import { games, mistakesIn, pipelineOf, problemsOf, raw } from "../small-definitions.fixture.ts";

test("a need of a processor that isn't there, with the name that was meant", () => {
  expect(mistakesIn(raw("schedule"), raw("box_scores", { needs: ["schedul"] }))).toEqual([
    {
      code: "UNKNOWN_DEPENDENCY",
      where: "processor box_scores › needs[0]",
      message: "unknown processor schedul",
      hint: "did you mean schedule?",
    },
  ]);
});

test("an unknown name that is near to none lists the known ones", () => {
  const [problem] = mistakesIn(raw("schedule"), raw("box_scores", { needs: ["weather_reports"] }));
  expect(problem?.hint).toBe("use one of: schedule, box_scores");
});

test("an unknown alternative of an anyOf and of an optional need", () => {
  const needs = [anyOf("schedule", "scedule"), optional("shedule")];
  const found = mistakesIn(raw("schedule"), raw("box_scores", { needs }));
  expect(found.map(({ where, hint }) => [where, hint])).toEqual([
    ["processor box_scores › needs[0]", "did you mean schedule?"],
    ["processor box_scores › needs[1]", "did you mean schedule?"],
  ]);
});

test("a cycle, named in full", () => {
  const found = mistakesIn(
    raw("teams"),
    raw("a", { needs: ["teams", "b"] }),
    raw("b", { needs: [optional("c")] }),
    raw("c", { needs: [anyOf("teams", "a")] }),
  );
  expect(found).toMatchObject([
    { code: "DEPENDENCY_CYCLE", where: "processor a", message: "its needs form a circle: a → b → c → a" },
  ]);
});

test("two processors of one name, in two pipelines too", () => {
  const other = pipeline("tcg", { phases: ["raw"], processors: [raw("teams")] });
  const found = problemsOf([pipelineOf(raw("teams")), other]);
  expect(found).toMatchObject([{ code: "DUPLICATE_NAME", message: "two processors are called teams" }]);
});

test("two pipelines, phases, queues, datasets and sources of one name", () => {
  const twice = pipeline("nba", {
    phases: ["raw", "raw"],
    processors: [
      raw("a", { queue: queue("web", { maxAttempts: 1 }), output: games }),
      raw("b", {
        queue: queue("web", { maxAttempts: 2 }),
        output: dataset("games", { schema: games.schema, key: ["game_id"] }),
      }),
    ],
  });
  const sources = [
    source("stats", { baseUrl: "https://a.example" }),
    source("stats", { baseUrl: "https://b.example" }),
  ];
  const empty = pipeline("nba", { phases: ["raw"], processors: [] });
  const found = problemsOf([twice, empty], sources);
  expect(new Set(found.map(({ code }) => code))).toEqual(new Set(["DUPLICATE_NAME"]));
  expect(found.map(({ message }) => message)).toEqual([
    "two pipelines are called nba",
    "two phases are called raw",
    "two queues are called web",
    "two datasets are called games",
    "two sources are called stats",
  ]);
});

test("a key that is not in its schema, with the field that was meant", () => {
  const misspelt = dataset("games", { ...games, key: ["game_ib" as "game_id"] });
  expect(mistakesIn(raw("schedule", { output: misspelt }))).toEqual([
    {
      code: "KEY_NOT_IN_SCHEMA",
      where: "dataset games › key",
      message: "game_ib is not in its schema",
      hint: "did you mean game_id?",
    },
  ]);
});

test("a dataset without a key", () => {
  const keyless = dataset("games", { ...games, key: [] });
  expect(mistakesIn(raw("schedule", { output: keyless }))).toMatchObject([{ code: "NO_KEY" }]);
});

test.each([
  [{ age: "10d", by: "when" }, "AGE_WITHOUT_TIME", "when is not in its schema"],
  [{ age: "10d", by: "game_id" }, "AGE_WITHOUT_TIME", "game_id holds no day or instant"],
  [{ age: "a while", by: "day" }, "BAD_DURATION", '"a while" is not a duration'],
] as const)("a dataset whose rows can't grow old: %j", (retention, code, message) => {
  const aging = dataset("games", {
    schema: z.object({ game_id: z.string(), day: z.iso.date().nullish() }),
    key: ["game_id"],
    retention: retention as unknown as { age: "10d"; by: "day" },
  });
  expect(mistakesIn(raw("schedule", { output: aging }))).toMatchObject([{ code, message }]);
});

test("two owners of a dataset that is not shared", () => {
  const found = mistakesIn(raw("schedule", { output: games }), raw("corrections", { output: [games] }));
  expect(found).toMatchObject([
    {
      code: "TWO_OWNERS",
      where: "processor corrections › output",
      message: "games is owned by schedule already",
    },
  ]);
});
test("a mapping that could never be satisfied: all of a set without an end", () => {
  const open = raw("days", { partitions: daily({ start: "2025-10-21" }) });
  const found = mistakesIn(
    open,
    raw("season", { needs: [open] }),
    raw("every_day", {
      partitions: daily({ start: "2025-10-21" }),
      needs: [need(open, { partitions: every() })],
    }),
  );
  expect(found.map(({ code, where }) => [code, where])).toEqual([
    ["UNUSABLE_MAPPING", "processor season › needs[0]"],
    ["UNUSABLE_MAPPING", "processor every_day › needs[0]"],
  ]);
});

test("discovered partitions that nobody discovers", () => {
  const found = mistakesIn(raw("scores", { partitions: dynamic("games") }));
  expect(found).toMatchObject([
    {
      code: "NO_DISCOVERER",
      where: "processor scores › partitions",
      message: "no processor discovers games",
    },
  ]);
});

test("partitions discovered by two, elsewhere than they lie, or declared in two ways", () => {
  const perDay = dynamic("games", { within: daily({ start: "2025-10-21" }) });
  const found = mistakesIn(
    raw("a", { partitions: daily({ start: "2025-10-21" }), discovers: perDay }),
    raw("b", { partitions: daily({ start: "2025-10-21", timezone: "Asia/Tokyo" }), discovers: perDay }),
    raw("c", { partitions: dynamic("games", { within: single() }) }),
  );
  expect(found.map(({ code, where }) => [code, where])).toEqual([
    ["TWO_DISCOVERERS", "processor b › discovers"],
    ["DISCOVERED_ELSEWHERE", "processor b › discovers"],
    ["DUPLICATE_NAME", "processor c › partitions"],
  ]);
});
