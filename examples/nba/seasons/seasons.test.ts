// What each season runs: the same configuration, loaded as the environment asks for it.

import { expect, test, vi } from "vitest";
import { compileRegistry } from "../../../headworks/src/define/compile/registry-of.ts";
import type { Registry } from "../../../headworks/src/define/registry.ts";

async function load(environment: Record<string, string>): Promise<Registry> {
  vi.resetModules();
  vi.unstubAllEnvs();
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const { default: pipeline } = await import("../headworks.config.ts");
  return compileRegistry([pipeline], { environment: {}, sources: [] });
}

const namesIn = (registry: Registry) => new Set(registry.processors.keys());

test("the simulated season has all but what only recordings have", async () => {
  const names = namesIn(await load({}));
  expect(names.size).toBeGreaterThanOrEqual(18);
  expect(names).toContain("team_seasons");
  for (const missing of ["schedule_pages", "recorded_actuals"]) expect(names).not.toContain(missing);
});

test("a part of a season doesn't count the games of all of it, and ends on its last day", async () => {
  const whole = await load({});
  const part = await load({ NBA_LAST_DAY: "2025-12-14" });
  expect([...namesIn(whole)].filter((name) => !namesIn(part).has(name))).toEqual(["team_seasons"]);
  expect(part.processors.get("games")?.partitions).toMatchObject({ start: "2025-10-21", end: "2025-12-14" });
});

test("the recorded season of 2025-26 has its second schedule to the day on which that was recorded", async () => {
  const registry = await load({ NBA_SOURCE: "recorded" });
  expect(registry.processors.get("schedule_log")?.partitions).toMatchObject({ end: "2026-02-21" });
  expect(registry.processors.get("schedule")?.partitions).toMatchObject({ end: "2026-06-13" });
  for (const missing of ["prop_lines", "play_by_play"]) expect(namesIn(registry)).not.toContain(missing);
});

test("the recorded season of 2023-24 has lines and what they came to, and no games", async () => {
  const names = namesIn(await load({ NBA_SOURCE: "recorded", NBA_SEASON: "2023-24" }));
  for (const there of ["prop_lines", "recorded_actuals", "actuals"]) expect(names).toContain(there);
  for (const missing of ["games", "box_scores", "standings"]) expect(names).not.toContain(missing);
});

test("the recorded season of 2017-18 has games from its pages, and nothing of players", async () => {
  const names = namesIn(await load({ NBA_SOURCE: "recorded", NBA_SEASON: "2017-18" }));
  for (const there of ["schedule_pages", "games"]) expect(names).toContain(there);
  for (const missing of ["schedule", "box_scores", "actuals", "standings"])
    expect(names).not.toContain(missing);
});

test("a season that there isn't is refused, with those that there are", async () => {
  await expect(load({ NBA_SOURCE: "recorded", NBA_SEASON: "1990-91" })).rejects.toThrow(
    /no season "recorded 1990-91": .*recorded 2017-18/,
  );
});
