// Tests of how long a worker starts nothing else to isolate a poison pill.

import { expect, test, vi } from "vitest";
import { Isolation } from "./isolation.ts";

function atZero({ chosen }: { chosen: boolean }) {
  const clock = { ms: 0 };
  const choose = vi.fn(async () => chosen);
  const room = new Isolation(choose, () => clock.ms);
  return { clock, room, choose };
}

test("without poison pills a worker starts whatever it can", () => {
  const { room } = atZero({ chosen: true });
  expect(room.isKept(0)).toBe(false);
  expect(room.isKept(3)).toBe(false);
});

test("every worker waits for its runs to end for five seconds, and then only if it has none", async () => {
  const { clock, room } = atZero({ chosen: false });
  await room.wanted();
  expect(room.isKept(3)).toBe(true);

  clock.ms = 4_999;
  await room.wanted();
  expect(room.isKept(3)).toBe(true);

  clock.ms = 5_000;
  expect(room.isKept(3)).toBe(false);
  expect(room.isKept(0)).toBe(true);
});

test("the one that was chosen waits however long its runs take, until there are no poison pills any more", async () => {
  const { clock, room } = atZero({ chosen: true });
  await room.wanted();
  clock.ms = 3_600_000;
  expect(room.isKept(3)).toBe(true);

  room.over();
  expect(room.isKept(3)).toBe(false);
});

test("it asks once a second whether it is chosen, and stays what it was until it hears the answer", async () => {
  const { clock, room, choose } = atZero({ chosen: true });
  await room.wanted();
  clock.ms = 999;
  await room.wanted();
  expect(choose).toHaveBeenCalledTimes(1);

  clock.ms = 6_000;
  const answer = room.wanted();
  expect(room.isKept(3)).toBe(true);
  await answer;
  expect(room.isKept(3)).toBe(true);
  expect(choose).toHaveBeenCalledTimes(2);
});

test("one that can't ask isn't chosen any more", async () => {
  const { clock, room, choose } = atZero({ chosen: true });
  await room.wanted();
  clock.ms = 6_000;
  choose.mockRejectedValueOnce(new Error("the database is away"));
  await expect(room.wanted()).rejects.toThrow("away");
  expect(room.isKept(3)).toBe(false);
});
