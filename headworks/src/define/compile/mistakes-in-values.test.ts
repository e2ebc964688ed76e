// What is said of values that can't be used: durations, zones, days, secrets, choices, numbers, names.

import { expect, test } from "vitest";
import { bearer, daily, dataset, dynamic, queue, secret, source } from "../../index.ts";
import { games, mistakesIn, pipelineOf, problemsOf, raw } from "../small-definitions.fixture.ts";

test.each(["30", "30 minutes", "-5m", "0s", ""])("the duration %j", (text) => {
  const found = mistakesIn(raw("teams", { hardTimeout: text as "30m" }));
  expect(found).toMatchObject([{ code: "BAD_DURATION", where: "processor teams › hardTimeout" }]);
});

test("bad durations in a queue and a source, each at its place", () => {
  const web = queue("web", { minBackoff: "1x" as "1s", dispatchDeadline: "soon" as "1s" });
  const stats = source("stats", { baseUrl: "https://stats.example", timeout: "never" as "1s" });
  const found = problemsOf([pipelineOf(raw("teams", { queue: web }))], [stats]);
  expect(found.map(({ where }) => where)).toEqual([
    "queue web › minBackoff",
    "queue web › dispatchDeadline",
    "source stats › timeout",
  ]);
});

test("a time zone that does not exist, also of the days that discovered partitions lie in", () => {
  const days = daily({ timezone: "America/New_Yorck", start: "2025-10-21" });
  const perGame = dynamic("games", { within: days });
  const found = mistakesIn(
    raw("schedule", { partitions: days, discovers: perGame }),
    raw("scores", { partitions: perGame }),
  );
  expect(found.map(({ code, where }) => [code, where])).toEqual([
    ["BAD_TIMEZONE", "processor schedule › partitions"],
    ["BAD_TIMEZONE", "processor schedule › discovers"],
    ["BAD_TIMEZONE", "processor scores › partitions"],
  ]);
  expect(found[0]?.message).toBe("there is no time zone America/New_Yorck");
});

test("days that are none, and an end before the start", () => {
  const found = mistakesIn(
    raw("a", { partitions: daily({ start: "2025-02-30" }) }),
    raw("b", { partitions: daily({ start: "2025-10-21", end: "2025-10-20" }) }),
  );
  expect(found.map(({ code, where }) => [code, where])).toEqual([
    ["BAD_DAY", "processor a › partitions.start"],
    ["ENDS_BEFORE_START", "processor b › partitions"],
  ]);
});

test("a secret that is not set, and one that is empty, each by name", () => {
  const sources = [
    source("stats", { baseUrl: "https://stats.example", auth: bearer(secret("STATS_KEY")) }),
    source("odds", { baseUrl: "https://odds.example", auth: bearer(secret("ODDS_KEY")) }),
    source("news", { baseUrl: "https://news.example", auth: bearer(secret("NEWS_KEY")) }),
  ];
  const found = problemsOf([pipelineOf(raw("teams"))], sources, { ODDS_KEY: "", NEWS_KEY: "n" });
  expect(found).toEqual([
    {
      code: "SECRET_UNSET",
      where: "secret STATS_KEY",
      message: "it is not set",
      hint: "set the environment variable STATS_KEY",
    },
    expect.objectContaining({ where: "secret ODDS_KEY" }),
  ]);
});
test("phases, criticalities and queues that are not among the choices", () => {
  const found = mistakesIn(raw("teams", { phase: "row", criticality: "urgent" as "high", queue: "web" }));
  expect(found.map(({ code, hint }) => [code, hint])).toEqual([
    ["UNKNOWN_PHASE", "use one of: raw, publish"],
    ["UNKNOWN_CRITICALITY", "use one of: critical, high, normal, low"],
    ["UNKNOWN_QUEUE", 'use one of: default, or give the value of queue("web", …) in place of its name'],
  ]);
});

test("a target that can't be reached or started", () => {
  const found = mistakesIn(
    raw("a", { run: { kind: "http", url: "localhost:8080" } }),
    raw("b", { run: { kind: "command", command: [""] } }),
  );
  expect(found.map(({ code, where }) => [code, where])).toEqual([
    ["BAD_URL", "processor a › run.url"],
    ["NO_PROGRAM", "processor b › run.command"],
  ]);
});

test("dynamic timeouts whose floor is above the ceiling, or whose numbers make no sense", () => {
  const found = mistakesIn(
    raw("a", { dynamicTimeout: { floor: "2h" } }),
    raw("b", { dynamicTimeout: { factor: 0.5, samples: 201 } }),
    raw("c", { hardTimeout: "10s", dynamicTimeout: {} }),
  );
  expect(found.map(({ code, where }) => [code, where])).toEqual([
    ["BAD_TIMEOUT", "processor a › dynamicTimeout"],
    ["BAD_NUMBER", "processor b › dynamicTimeout › factor"],
    ["BAD_NUMBER", "processor b › dynamicTimeout › samples"],
  ]);
});

test("lanes whose settings make no sense, each with its place", () => {
  const web = queue("web", {
    lanes: { Backfill: {}, slow: { weight: 0, maxDispatchesPerSecond: -1, maxBurstSize: 0 } },
  });
  const found = mistakesIn(raw("teams", { queue: web }));
  expect(found.map(({ code, where }) => [code, where])).toEqual([
    ["BAD_NAME", "queue web › lanes › Backfill"],
    ["BAD_NUMBER", "queue web › lanes › slow › weight"],
    ["BAD_NUMBER", "queue web › lanes › slow › maxDispatchesPerSecond"],
    ["BAD_NUMBER", "queue web › lanes › slow › maxBurstSize"],
  ]);
});

test("numbers out of their range", () => {
  const web = queue("web", {
    maxDispatchesPerSecond: 0,
    maxAttempts: Number.NaN,
    minBackoff: "2h",
    maxBackoff: "1h",
  });
  const stats = source("stats", {
    baseUrl: "stats.example",
    quota: { requests: 0, per: "day" },
    breaker: { failures: 0, failureRate: 2, reset: "0s" },
    maxRetries: -1,
  });
  const found = problemsOf(
    [pipelineOf(raw("teams", { queue: web, rejectedTolerance: 5, expect: { min: 30, max: 3 } }))],
    [stats],
  );
  expect(found.map(({ where }) => where)).toEqual([
    "queue web › maxDispatchesPerSecond",
    "queue web › maxAttempts",
    "queue web",
    "processor teams › rejectedTolerance",
    "processor teams › expect.max",
    "source stats › baseUrl",
    "source stats › quota.requests",
    "source stats › breaker.failures",
    "source stats › breaker.failureRate",
    "source stats › breaker.reset",
    "source stats › maxRetries",
  ]);
});

test("names that can't name a table, and a time of day that is none", () => {
  const found = mistakesIn(
    raw("Teams!", {
      output: dataset("Games", { schema: games.schema, key: ["game_id"] }),
      expectedBy: { days: 1, at: "25:00" },
    }),
  );
  expect(found.map(({ code, where }) => [code, where])).toEqual([
    ["BAD_NAME", "processor Teams!"],
    ["BAD_TIME", "processor Teams! › expectedBy.at"],
    ["BAD_NAME", "dataset Games"],
  ]);
});

test("addresses and headers that can't be sent as they are written, without a word of what is secret in them", () => {
  const stats = source("stats", {
    baseUrl: "https://somebody:hidden@stats.example",
    headers: { "X-Name": "Jovi\u0107" },
  });
  const endpoint = {
    kind: "http",
    url: "http://user:hidden@127.0.0.1:4918/x",
    headers: { "a b": "c", d: "e\nf" },
  } as const;
  const found = problemsOf([pipelineOf(raw("pages", { run: endpoint }))], [stats]);

  expect(found.map(({ code, where }) => [code, where])).toEqual([
    ["URL_CREDENTIALS", "processor pages › run.url"],
    ["BAD_HEADER", "processor pages › run.headers"],
    ["BAD_HEADER", "processor pages › run.headers.d"],
    ["URL_CREDENTIALS", "source stats › baseUrl"],
    ["BAD_HEADER", "source stats › headers.X-Name"],
  ]);
  expect(JSON.stringify(found)).not.toContain("hidden");
});

test("texts that no program can be given", () => {
  const found = mistakesIn(
    raw("a", { run: { kind: "command", command: ["echo", "a\0b"], env: { "A=B": "c", "": "d", E: "f\0" } } }),
    raw("b", { run: { kind: "command", command: ["echo"], env: { PORT: 5432 as unknown as string } } }),
  );

  expect(found.map(({ code, where }) => [code, where])).toEqual([
    ["BAD_TEXT", "processor a › run.command[1]"],
    ["BAD_VARIABLE", "processor a › run.env"],
    ["BAD_VARIABLE", "processor a › run.env"],
    ["BAD_TEXT", "processor a › run.env.E"],
    ["BAD_VARIABLE", "processor b › run.env.PORT"],
  ]);
});
