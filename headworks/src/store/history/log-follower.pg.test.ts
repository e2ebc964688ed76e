// Tests of following: every line is given once, whenever it arrives.

import { expect, test } from "vitest";
import { createTestDatabase } from "../../testing/database.ts";
import { followLogs } from "./log-follower.ts";
import { addEndedRun, addLines, addRunningRun } from "./logs.fixture.ts";
import { searchLogs } from "./logs.ts";

const START = "2026-01-14T00:00:00.000Z";
const texts = (lines: readonly { message: string }[]) => lines.map(({ message }) => message);

test("gives what is new since the last look, in order", async () => {
  await using db = await createTestDatabase();
  const run = await addRunningRun(db.database);
  await addLines(db.database, run, "2026-01-13T00:00:00.000Z", ["before"]);
  const follower = followLogs(db.database, {}, { since: START });

  const looks = [await follower.next()];
  await addLines(db.database, run, START, [
    { message: "two", seq: 2 },
    { message: "three", seq: 3 },
  ]);
  looks.push(await follower.next(), await follower.next());
  await addLines(db.database, run, START, [{ message: "four", seq: 4 }]);
  looks.push(await follower.next());

  expect(looks.map(texts)).toEqual([[], ["two", "three"], [], ["four"]]);
});

test("gives a line that arrives behind later ones of another run", async () => {
  await using db = await createTestDatabase();
  const [slow, quick] = [await addRunningRun(db.database), await addEndedRun(db.database)];
  const follower = followLogs(db.database, {}, { since: START });
  await addLines(db.database, quick, "2026-01-14T00:00:30.000Z", ["quick"]);

  const first = await follower.next();
  await addLines(db.database, slow, START, ["slow"]);
  const second = await follower.next();

  expect([texts(first), texts(second)]).toEqual([["quick"], ["slow"]]);
});

test("goes on after the lines of a search without repeating or filling in", async () => {
  await using db = await createTestDatabase();
  const [one, other] = [await addRunningRun(db.database), await addRunningRun(db.database)];
  await addLines(db.database, one, START, ["a", "c"]);
  await addLines(db.database, other, "2026-01-14T00:00:00.500Z", ["b", "d"]);
  const { lines } = await searchLogs(db.database, { limit: 2 });
  const [first, ...rest] = lines;
  if (first === undefined) throw new Error("nothing was found");
  const follower = followLogs(db.database, {}, { shown: [first, ...rest] });

  const before = await follower.next();
  await addLines(db.database, one, "2026-01-14T00:00:05.000Z", [{ message: "e", seq: 3 }]);
  const after = await follower.next();

  expect([texts(lines), texts(before), texts(after)]).toEqual([["c", "d"], [], ["e"]]);
});

test("gives more lines than a page holds, once and in order", async () => {
  await using db = await createTestDatabase();
  const run = await addRunningRun(db.database);
  const many = Array.from({ length: 2_300 }, (_, index) => `line ${index}`);
  await addLines(db.database, run, START, many);
  const follower = followLogs(db.database, { processor: "games", text: "line" }, { since: START });

  const looks = [await follower.next(), await follower.next()];

  expect(looks.map(texts)).toEqual([many, []]);
});
