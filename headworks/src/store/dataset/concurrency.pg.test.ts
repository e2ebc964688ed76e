import { expect, test } from "vitest";
import { untilSomebodyWaits } from "../../testing/database-activity.ts";
import { boxScores, databaseWith, merge, mergeGroup, runOf, tableRows } from "./dataset.fixture.ts";
import { mergeRows } from "./merge.ts";

const line = (player_id: number, points: number) => ({ game_id: "g", player_id, points });

test("makes a merge wait for another that writes the same new rows, and then leaves them alone", async () => {
  await using db = await databaseWith(boxScores);
  const first = await db.database.connect();
  await first.query("begin");
  await mergeRows(first, "prod", boxScores, [runOf("monday", boxScores, [line(1, 10), line(2, 20)])]);

  const second = merge(db.database, "tuesday", boxScores, [line(2, 21), line(1, 10), line(3, 30)]);
  await untilSomebodyWaits(db.database);
  await first.query("commit");
  first.release();

  expect(await second).toEqual({ inserted: 1, updated: 1, unchanged: 1, removed: 0 });
  expect(await tableRows(db.database, boxScores, "_partition")).toEqual([
    { ...line(1, 10), _partition: "monday" },
    { ...line(2, 21), _partition: "tuesday" },
    { ...line(3, 30), _partition: "tuesday" },
  ]);
});

test("doesn't remove a row that another merge took over while this one waited for it", async () => {
  await using db = await databaseWith(boxScores);
  await merge(db.database, "monday", boxScores, [line(1, 10), line(2, 20)]);
  const taking = await db.database.connect();
  await taking.query("begin");
  await mergeRows(taking, "prod", boxScores, [runOf("tuesday", boxScores, [line(1, 11)])]);

  const removing = merge(db.database, "monday", boxScores, [line(2, 20)]);
  await untilSomebodyWaits(db.database);
  await taking.query("commit");
  taking.release();

  expect(await removing).toEqual({ inserted: 0, updated: 0, unchanged: 1, removed: 0 });
  expect(await tableRows(db.database, boxScores, "_partition")).toEqual([
    { ...line(1, 11), _partition: "tuesday" },
    { ...line(2, 20), _partition: "monday" },
  ]);
});

test("inserts a row again that another merge removed while this one waited for it", async () => {
  await using db = await databaseWith(boxScores);
  await merge(db.database, "monday", boxScores, [line(1, 10)]);
  const removing = await db.database.connect();
  await removing.query("begin");
  await mergeRows(removing, "prod", boxScores, [runOf("monday", boxScores, [])]);

  const taking = merge(db.database, "tuesday", boxScores, [line(1, 11)]);
  await untilSomebodyWaits(db.database);
  await removing.query("commit");
  removing.release();

  expect(await taking).toEqual({ inserted: 1, updated: 0, unchanged: 0, removed: 0 });
  expect(await tableRows(db.database, boxScores, "_partition")).toEqual([
    { ...line(1, 11), _partition: "tuesday" },
  ]);
});

test("neither deadlocks nor disagrees when partitions take rows from each other all the time", async () => {
  await using db = await databaseWith(boxScores);
  const partitions = ["a", "b", "c", "d"];
  const written = new Map<string, Map<number, number>>();

  await Promise.all(
    partitions.map(async (partition, index) => {
      for (let round = 0; round < 40; round++) {
        const lines = someLines(index * 1_000 + round);
        await mergeGroup(db.database, boxScores, [runOf(partition, boxScores, lines)]);
        written.set(partition, new Map(lines.map((each) => [each.player_id, each.points])));
      }
    }),
  );

  const rows = await tableRows(db.database, boxScores, "_partition");
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(written.get(row._partition)?.get(row.player_id)).toBe(row.points);
});

/** Thirty of forty players in an order of its own, repeatable by its seed. */
function someLines(seed: number) {
  const players = Array.from({ length: 40 }, (_, player) => ({
    player,
    rank: (player * 7919 + seed * 104729) % 997,
  }));
  players.sort((a, b) => a.rank - b.rank);
  return players.slice(0, 30).map(({ player, rank }) => line(player, rank % 3));
}
