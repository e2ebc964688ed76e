// Tests of how long a worker starts nothing else so that a suspect can run alone.

import { expect, test } from "vitest";
import { RoomForSuspects } from "./room-for-suspects.ts";

function atZero({ chosen }: { chosen: boolean }) {
  const clock = { ms: 0 };
  const room = new RoomForSuspects(
    async () => chosen,
    () => clock.ms,
  );
  return { clock, room };
}

test("without suspects a worker starts whatever it can", () => {
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

test("the one that was chosen waits however long its runs take, until there are no suspects any more", async () => {
  const { clock, room } = atZero({ chosen: true });
  await room.wanted();
  clock.ms = 3_600_000;
  expect(room.isKept(3)).toBe(true);

  room.over();
  expect(room.isKept(3)).toBe(false);
});
