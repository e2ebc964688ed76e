import { expect, test } from "vitest";
import { doEach } from "./do-each.ts";

test("does all of it whatever fails, and throws what failed first with the number of others", async () => {
  const done: number[] = [];
  const work = async (item: number) => {
    if (item % 2 === 0) throw new Error(`${item} is even`);
    done.push(item);
  };

  await expect(doEach([1, 2, 3, 4, 5], work)).rejects.toThrow("2 is even (and 1 more)");
  expect(done).toEqual([1, 3, 5]);
});

test("throws a single failure as it is, and nothing when nothing failed", async () => {
  const one = new TypeError("no");

  await expect(doEach([1], () => Promise.reject(one))).rejects.toBe(one);
  await expect(doEach([1, 2], async () => undefined)).resolves.toBeUndefined();
});
