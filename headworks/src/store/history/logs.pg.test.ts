// Tests of the search across runs: what it finds, in which order, and how it is paged.

import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { createTestDatabase } from "../../testing/database.ts";
import { insertDocuments } from "./documents.ts";
import { addEndedRun, addLines, addRunningRun } from "./logs.fixture.ts";
import { deleteMiddleLines, insertLogLines, type LogFilter, searchLogs } from "./logs.ts";

test("finds lines of ended runs and of runs in progress, the newest last", async () => {
  await using db = await createTestDatabase();
  const ended = await addEndedRun(db.database, { outcome: "timeout" });
  const running = await addRunningRun(db.database, { processor: "teams", partition: "all" });
  await addLines(db.database, ended, "2026-01-14T00:00:00.000Z", ["first", "third"]);
  await addLines(db.database, running, "2026-01-14T00:00:00.500Z", [
    { message: "second", fields: { a: [1] } },
  ]);

  const { lines, cursor } = await searchLogs(db.database, { limit: 10 });

  expect(lines.map(({ message, outcome }) => [message, outcome])).toEqual([
    ["first", "timeout"],
    ["second", null],
    ["third", "timeout"],
  ]);
  expect(lines[1]).toEqual({
    run: running,
    seq: 1,
    at: "2026-01-14T00:00:00.500Z",
    severity: "INFO",
    message: "second",
    fields: { a: [1] },
    namespace: "prod",
    processor: "teams",
    partition: "all",
    attempt: 2,
    outcome: null,
  });
  expect(cursor).toBeNull();
});

test("each condition leaves out what doesn't meet it", async () => {
  await using db = await createTestDatabase();
  const games = await addEndedRun(db.database, { outcome: "error" });
  const teams = await addRunningRun(db.database, { processor: "teams", partition: "all" });
  await addLines(db.database, games, "2026-01-14T10:00:00.000Z", [
    {
      message: "at 100% of a_b \\ c",
      severity: "WARNING",
      fields: { "games.fetched": 9, error: { code: "ECONNRESET" } },
    },
    { message: "100 percent, axb", severity: "ERROR", fields: { late: true } },
  ]);
  await addLines(db.database, teams, "2026-01-14T12:00:00.000Z", [{ message: "Teams", severity: "DEBUG" }]);
  const find = async (filter: LogFilter) => {
    const { lines } = await searchLogs(db.database, { ...filter, limit: 10 });
    return lines.map(({ message }) => message.slice(0, 3)).join(", ");
  };

  const found = {
    processor: await find({ processor: "teams" }),
    partition: await find({ partition: "2026-01-14" }),
    outcome: await find({ outcome: "error" }),
    otherOutcome: await find({ outcome: "success" }),
    run: await find({ run: teams }),
    warningOrWorse: await find({ severity: "WARNING" }),
    error: await find({ severity: "ERROR" }),
    textInAnyCase: await find({ text: "tEAMS" }),
    textInFields: await find({ text: "econnreset" }),
    percentSign: await find({ text: "100%" }),
    underscore: await find({ text: "a_b" }),
    backslash: await find({ text: "b \\ c" }),
    field: await find({ field: { name: "late", value: "true" } }),
    fieldWithDot: await find({ field: { name: "games.fetched", value: "9" } }),
    fieldWithin: await find({ field: { name: "error.code", value: "ECONNRESET" } }),
    fieldOfOtherValue: await find({ field: { name: "late", value: "false" } }),
    since: await find({ since: "2026-01-14T10:00:01.000Z" }),
    until: await find({ until: "2026-01-14T10:00:01.000Z" }),
    several: await find({ processor: "games", severity: "ERROR", text: "100" }),
  };

  expect(found).toEqual({
    processor: "Tea",
    partition: "at , 100",
    outcome: "at , 100",
    otherOutcome: "",
    run: "Tea",
    warningOrWorse: "at , 100",
    error: "100",
    textInAnyCase: "Tea",
    textInFields: "at ",
    percentSign: "at ",
    underscore: "at ",
    backslash: "at ",
    field: "100",
    fieldWithDot: "at ",
    fieldWithin: "at ",
    fieldOfOtherValue: "",
    since: "100, Tea",
    until: "at ",
    several: "100",
  });
});

test("pages lead from the newest lines to the oldest, each line once, also where instants are equal", async () => {
  await using db = await createTestDatabase();
  const at = "2026-01-14T00:00:00.000Z";
  for (const run of [
    await addEndedRun(db.database),
    await addEndedRun(db.database),
    await addRunningRun(db.database),
  ]) {
    await addLines(db.database, run, at, ["a", "b", { message: "c", at }]);
  }
  const all = (await searchLogs(db.database, { limit: 100 })).lines;

  const pages = [];
  let cursor: string | undefined;
  do {
    const page = await searchLogs(db.database, { limit: 2, cursor });
    pages.unshift(page.lines);
    cursor = page.cursor ?? undefined;
  } while (cursor !== undefined);

  expect(all).toHaveLength(9);
  expect(pages.map((page) => page.length)).toEqual([1, 2, 2, 2, 2]);
  expect(pages.flat()).toEqual(all);
});

test.each([
  "",
  "x",
  "2026-01-14T00:00:00.000Z",
  `2026-99-14T00:00:00.000Z_${randomUUID()}_1`,
  `2026-02-31T00:00:00.000Z_${randomUUID()}_1`,
])("refuses %j as a cursor", async (cursor) => {
  await using db = await createTestDatabase();

  await expect(searchLogs(db.database, { limit: 1, cursor })).rejects.toMatchObject({
    code: "CURSOR_INVALID",
  });
});

test("lines stored twice are there once, however many there are", async () => {
  await using db = await createTestDatabase();
  const run = await addEndedRun(db.database);
  const lines = Array.from({ length: 2_500 }, (_, index) => ({
    run,
    seq: index + 1,
    at: "2026-01-14T00:00:00.000Z",
    severity: "INFO" as const,
    message: `line ${index + 1}`,
    fields: null,
  }));

  await insertLogLines(db.database, lines);
  await insertLogLines(db.database, lines.slice(1_000));

  const page = await searchLogs(db.database, { run, limit: 5_000 });
  expect(page.lines.map(({ seq }) => seq)).toEqual(lines.map(({ seq }) => seq));
});

test("deletes ranges of several runs, and nothing else", async () => {
  await using db = await createTestDatabase();
  const [one, other] = [await addEndedRun(db.database), await addEndedRun(db.database)];
  for (const run of [one, other])
    await addLines(db.database, run, "2026-01-14T00:00:00.000Z", ["a", "b", "c", "d"]);

  await deleteMiddleLines(db.database, [
    { run: one, firstSeq: 2, lastSeq: 3 },
    { run: other, firstSeq: 1, lastSeq: 1 },
  ]);

  const left = async (run: string) =>
    (await searchLogs(db.database, { run, limit: 9 })).lines.map((line) => line.message);
  expect([await left(one), await left(other)]).toEqual([
    ["a", "d"],
    ["b", "c", "d"],
  ]);
});

test("documents are stored in their order, and once", async () => {
  await using db = await createTestDatabase();
  const run = randomUUID();
  const documents = ["a", "b", "a"].map((name, index) => ({
    run,
    source: "stats",
    method: "GET",
    url: `https://stats.example/${name}`,
    requestHash: name.repeat(64),
    status: 200,
    headers: { "content-type": "application/json" },
    hash: "c".repeat(64),
    bytes: 12,
    durationMs: 1.6,
    fetchedAt: `2026-01-14T00:00:0${index}.000Z`,
  }));

  await insertDocuments(db.database, documents);
  await insertDocuments(db.database, documents);

  const stored = await db.database.query(
    "select source, method, url, request_hash, status, headers, hash, bytes, duration_ms, fetched_at, run_id from headworks.raw_documents order by id",
  );
  expect(stored.rows.map(({ url }) => url.at(-1))).toEqual(["a", "b", "a"]);
  expect(stored.rows[0]).toEqual({
    source: "stats",
    method: "GET",
    url: "https://stats.example/a",
    request_hash: "a".repeat(64),
    status: 200,
    headers: { "content-type": "application/json" },
    hash: "c".repeat(64),
    bytes: 12,
    duration_ms: 2,
    fetched_at: "2026-01-14T00:00:00.000Z",
    run_id: run,
  });
});
