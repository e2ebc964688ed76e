// kill -9 of everything in the middle of the demo, PostgreSQL included; then the same command again.

import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import { joinEmbeddedServer } from "../../headworks/src/store/embedded/server.ts";
import { makeServerFolder } from "../../headworks/src/testing/folder.ts";
import { gamesUpTo, killTree, startDemo } from "./demo-process.fixture.ts";

const SETTLED_BEFORE_THE_KILL = 250;
const LAST_DAY = "2025-11-09";
// An outage is met and over before anything else sees it: every output has one successful run. Few runs at once, since
// each that is interrupted is made again alone.
const ARGS = ["--last-day", LAST_DAY, "--fault", "outage:2025-10-30..2025-10-30", "--concurrency", "10"];

test.runIf(process.platform === "linux")(
  "after kill -9 of everything the same command completes: no row twice, no acknowledged task lost",
  async () => {
    const dataDir = await makeServerFolder();
    const killed = startDemo({ dataDir, args: ARGS });
    const { acknowledged, home } = await settledRuns(dataDir, SETTLED_BEFORE_THE_KILL);
    killTree(killed.child.pid ?? 0);
    // Whoever was first has started the server, this test perhaps.
    killTree(await postmasterOf(home));
    await killed.ended;
    expect(acknowledged.length).toBeGreaterThanOrEqual(SETTLED_BEFORE_THE_KILL);

    const again = startDemo({ dataDir, args: ARGS });
    expect(await again.ended, again.output()).toBe(0);

    const server = await joinEmbeddedServer({ dataDir });
    const database = new pg.Client(server.url);
    await database.connect();
    const rowsOf = async (sql: string) => (await database.query(sql)).rows;
    // What was acknowledged before the kill is in the history still.
    const kept = new Set((await rowsOf("select id from headworks.runs")).map((row) => row.id));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    // Everything expected is there, once: one settled output, no task left, one successful run that merged each row.
    expect(
      await rowsOf(
        "select processor, partition from headworks.outputs where status not in ('complete', 'empty')",
      ),
    ).toEqual([]);
    expect(await rowsOf("select * from headworks.tasks")).toEqual([]);
    expect(
      await rowsOf(
        "select output_id from headworks.runs where outcome in ('success', 'no_data_available') group by 1 having count(*) > 1",
      ),
    ).toEqual([]);
    expect(
      await rowsOf(
        "select r.id from headworks.runs r where outcome = 'success' and not exists (select from headworks.outputs o where o.run_id = r.id)",
      ),
    ).toEqual([]);
    const [games] = await rowsOf(
      "select count(*)::int as rows, count(distinct game_id)::int as games from prod.games",
    );
    const played = gamesUpTo(LAST_DAY);
    expect(games).toEqual({ rows: played, games: played });
    expect(await rowsOf("select game_id from prod.box_scores group by 1 having count(*) < 16")).toEqual([]);
    // What was under way when it was killed is told of as such, and used up no attempt.
    const crashed = await rowsOf("select attempt_used from headworks.runs where reason = 'crashed'");
    expect(crashed.length).toBeGreaterThan(0);
    expect(crashed.every((row) => row.attempt_used === false)).toBe(true);
    await database.end();
    await server.leave();
    await rm(dataDir, { recursive: true });
  },
);

async function postmasterOf(home: string): Promise<number> {
  const [pid] = (await readFile(join(home, "cluster", "postmaster.pid"), "utf8")).split("\n");
  return Number(pid);
}

/** Waits, by the hints that settlements send, until so many runs are settled; gives their ids, and where the server lives. */
async function settledRuns(
  dataDir: string,
  wanted: number,
): Promise<{ acknowledged: string[]; home: string }> {
  const server = await joinEmbeddedServer({ dataDir });
  const database = new pg.Client(server.url);
  await database.connect();
  await database.query("listen headworks_ready");
  for (;;) {
    const hint = new Promise((resolve) => database.once("notification", resolve));
    const exists = await database.query("select to_regclass('headworks.runs') is not null as found");
    const runs = exists.rows[0].found ? (await database.query("select id from headworks.runs")).rows : [];
    if (runs.length >= wanted) {
      await database.end();
      // Else this process counts as one that uses the server, and nobody after it stops it.
      await server.leave();
      return { acknowledged: runs.map((row) => row.id), home: server.dataDir };
    }
    await hint;
  }
}
