// Tests of the limiter of one process: who gets a slot, and what happens to those that nobody needs.

import { describe, expect, onTestFinished, test, vi } from "vitest";
import { rateOf } from "../../domain/dispatch/rate-limit.ts";
import { openRateLimiter } from "./rate-limiter.ts";

const never = new AbortController().signal;

/** A shared rate whose slots are all free at once; keeps how many were asked for each time. */
function unlimited() {
  const asked: number[] = [];
  const reserve = async (count: number) => {
    asked.push(count);
    return { nowUs: 0, slotsUs: Array<number>(count).fill(0) };
  };
  return { asked, reserve };
}

describe("callers", () => {
  test("of one turn of the event loop reserve together", async () => {
    const { asked, reserve } = unlimited();
    const limiter = openRateLimiter(rateOf(1_000), reserve);

    await Promise.all(Array.from({ length: 40 }, () => limiter.take(never)));

    expect(asked).toEqual([40]);
  });

  test("are let out in the order they came", async () => {
    const limiter = openRateLimiter(rateOf(100), unlimited().reserve);
    const order: number[] = [];

    await Promise.all(
      Array.from({ length: 60 }, (_, index) => limiter.take(never).then(() => order.push(index))),
    );

    expect(order).toEqual([...order.keys()]);
  });

  test("of a slow source reserve one slot at a time, so that an aborted run doesn't hold up others for long", async () => {
    const { asked, reserve } = unlimited();
    const limiter = openRateLimiter(rateOf(1), reserve);

    await Promise.all(Array.from({ length: 3 }, () => limiter.take(never)));

    expect(asked).toEqual([1, 1, 1]);
  });

  test("wait until their slot is due", async () => {
    let now = 1_000;
    const reserved = Promise.withResolvers<void>();
    const reserve = async () => {
      setImmediate(reserved.resolve);
      return { nowUs: 5_000_000, slotsUs: [5_005_000] };
    };
    const limiter = openRateLimiter(rateOf(1), reserve, () => now);
    let out = false;
    const turn = limiter.take(never).then(() => {
      out = true;
    });

    await reserved.promise;
    expect(out).toBe(false);
    now = 1_005;
    await turn;
  });

  test("are refused when the reservation fails, and the next can try again", async () => {
    const failure = new Error("no database");
    const { reserve } = unlimited();
    let working = false;
    const limiter = openRateLimiter(rateOf(10), (count) =>
      working ? reserve(count) : Promise.reject(failure),
    );

    const both = await Promise.allSettled([limiter.take(never), limiter.take(never)]);
    working = true;
    await limiter.take(never);

    expect(both).toEqual([
      { status: "rejected", reason: failure },
      { status: "rejected", reason: failure },
    ]);
  });
});

test("a caller who leaves gives its slot to the next", async () => {
  const reserved = Promise.withResolvers<{ nowUs: number; slotsUs: number[] }>();
  const asked: number[] = [];
  const limiter = openRateLimiter(rateOf(1), (count) => {
    asked.push(count);
    return reserved.promise;
  });
  const controller = new AbortController();
  const reason = new Error("the run is over");

  const leaving = limiter.take(controller.signal);
  const staying = limiter.take(never);
  setImmediate(() => {
    controller.abort(reason);
    reserved.resolve({ nowUs: 0, slotsUs: [0] });
  });

  await expect(leaving).rejects.toBe(reason);
  await staying;
  expect(asked).toEqual([1]);
});

test("slots that were missed while the process was busy are not used as a burst", async () => {
  let now = 0;
  const asked: number[] = [];
  const limiter = openRateLimiter(
    rateOf(20),
    async (count) => {
      asked.push(count);
      if (asked.length > 1) return { nowUs: 0, slotsUs: Array<number>(count).fill(0) };
      // Due in 1, 2, 3… ms; but this process is held up for a second before it looks again.
      setImmediate(() => {
        now = 1_000;
      });
      return { nowUs: 0, slotsUs: Array.from({ length: count }, (_, index) => (index + 1) * 1_000) };
    },
    () => now,
  );

  await Promise.all(Array.from({ length: 5 }, () => limiter.take(never)));

  // Of the five slots one was used; the four others had to be reserved anew.
  expect(asked).toEqual([5, 4]);
});

test("slots that nobody waits for any more lapse: they would be a burst later", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "performance"] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const asked: number[] = [];
  const limiter = openRateLimiter(rateOf(100), async (count) => {
    asked.push(count);
    return { nowUs: 0, slotsUs: Array.from({ length: count }, (_, index) => index * 100_000) };
  });
  const controller = new AbortController();
  const first = limiter.take(never);
  const abandoned = Promise.allSettled([limiter.take(controller.signal), limiter.take(controller.signal)]);
  await vi.advanceTimersByTimeAsync(1);
  await first;
  controller.abort(new Error("the run is over"));
  await abandoned;
  await vi.advanceTimersByTimeAsync(60_000);

  const later = limiter.take(never);
  await vi.advanceTimersByTimeAsync(1);
  await later;

  expect(asked).toEqual([3, 1]);
});
