// The demo as a user runs it: a part of the simulated season with its faults, to the end; then the same again, and more.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestDatabase } from "../../headworks/src/testing/database.ts";
import { gamesUpTo, startDemo } from "./demo-process.fixture.ts";

const FAULTS = ["--fault", "outage:2025-10-25..2025-10-27", "--fault", "late:share=0.2"];

test("a season with an outage and late answers heals, and all that was expected is there; again, nothing changes", async () => {
  await using test = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), "headworks-demo-"));
  const count = async (sql: string) =>
    (await test.database.query<{ n: number }>(`select count(*) as n from ${sql}`)).rows[0]?.n;
  const demo = (lastDay: string) =>
    startDemo({ dataDir, databaseUrl: test.url, args: ["--last-day", lastDay, ...FAULTS] });

  const first = demo("2025-11-09");
  expect(await first.ended, first.output()).toBe(0);
  expect(first.output()).toMatch(
    /The fault outage:\S+ spoiled [1-9]\d* answers, yet everything expected is there/,
  );
  expect(await count("headworks.outputs where status not in ('complete', 'empty')")).toBe(0);
  expect(await count("headworks.outputs where processor = 'box_scores' and status = 'complete'")).toBe(
    gamesUpTo("2025-11-09"),
  );
  expect(await count("headworks.tasks")).toBe(0);
  // Days without games are empty, and the schedule says why.
  expect(
    await count(
      "headworks.outputs where processor = 'player_game_summaries' and status = 'empty' and vouched_by = 'expectation'",
    ),
  ).toBe(await count("headworks.outputs where processor = 'schedule' and status = 'empty'"));
  // The outage was met, and what came late was degraded first; when it was whole, what had made do with less was made again.
  expect(
    await count("headworks.runs where outcome = 'error' and error ->> 'message' like '%503%'"),
  ).toBeGreaterThan(0);
  for (const processor of ["box_scores", "schedule_log", "prop_lines"])
    expect(
      await count(`headworks.runs where reason = 'below_expected' and processor = '${processor}'`),
    ).toBeGreaterThan(0);
  expect(await count("prod.schedule_differences")).toBe(0);
  expect(await count("prod.log_games")).toBe(gamesUpTo("2025-11-09"));
  expect(
    await count(
      "prod.player_game_summaries s join prod.box_scores b using (game_id, player_id) where s.pra <> b.points + b.rebounds + b.assists",
    ),
  ).toBe(0);
  const page = JSON.parse(await readFile(join(dataDir, "artifacts", "prod", "standings.json"), "utf8"));
  expect(JSON.stringify(page)).toContain('"rank":1');

  const runs = await count("headworks.runs");
  const second = demo("2025-11-09");
  expect(await second.ended, second.output()).toBe(0);
  expect(await count("headworks.runs")).toBe(runs);
  await rm(dataDir, { recursive: true });
});
