// The demo as a user runs it: a whole simulated season with its faults, to the end.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTestDatabase } from "../../headworks/src/testing/database.ts";
import { startDemo } from "./demo-process.fixture.ts";

test("a season with an outage and late box scores heals, and all that was expected is there; again, nothing changes", async () => {
  await using test = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), "headworks-demo-"));
  const count = async (sql: string) =>
    (await test.database.query<{ n: number }>(`select count(*) as n from ${sql}`)).rows[0]?.n;

  const first = startDemo({ dataDir, databaseUrl: test.url });
  expect(await first.ended, first.output()).toBe(0);
  expect(await count("headworks.outputs where status not in ('complete', 'empty')")).toBe(0);
  expect(await count("headworks.outputs where processor = 'box_scores' and status = 'complete'")).toBe(1230);
  expect(await count("headworks.tasks")).toBe(0);
  // Days without games are empty, and the schedule says why.
  expect(
    await count(
      "headworks.outputs where processor = 'player_game_summaries' and status = 'empty' and vouched_by = 'expectation'",
    ),
  ).toBe(await count("headworks.outputs where processor = 'schedule' and status = 'empty'"));
  // The outage was met, and the late box scores were degraded first.
  expect(
    await count("headworks.runs where outcome = 'error' and error ->> 'message' like '%503%'"),
  ).toBeGreaterThan(0);
  expect(
    await count("headworks.runs where reason = 'below_expected' and processor = 'box_scores'"),
  ).toBeGreaterThan(0);
  expect(await count("prod.team_seasons where games = 82 and wins + losses = 82")).toBe(30);
  expect(
    await count(
      "prod.player_game_summaries s join prod.box_scores b using (game_id, player_id) where s.pra <> b.points + b.rebounds + b.assists",
    ),
  ).toBe(0);
  const page = JSON.parse(await readFile(join(dataDir, "artifacts", "prod", "standings.json"), "utf8"));
  expect(page.standings).toHaveLength(30);
  expect(page.standings[0].wins).toBeGreaterThanOrEqual(page.standings[1].wins);

  const runs = await count("headworks.runs");
  const second = startDemo({ dataDir, databaseUrl: test.url });
  expect(await second.ended, second.output()).toBe(0);
  expect(await count("headworks.runs")).toBe(runs);
  await rm(dataDir, { recursive: true });
});
