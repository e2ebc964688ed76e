// Lets requests out at the rate of their source. All processes share it: slots are reserved in the database, by its clock.
//
// A process that dies loses the slots it holds: one, or a quarter of a second's worth. The others go on after them.

import { type Rate, slotsWithin } from "../../domain/dispatch/rate-limit.ts";
import type { ReservedSlots } from "../../store/history/sources.ts";
import { startTimer, type Timer } from "../timer.ts";
import { openWaitingLine } from "./waiting-line.ts";

export interface RateLimiter {
  /** Resolves when a request may go out. Rejects with the signal's reason, or when the reservation fails. */
  take(signal: AbortSignal): Promise<void>;
}

/** How far ahead slots are reserved, so that a fast source costs few round trips and an aborted run wastes few slots. */
const HORIZON_MS = 250;
/** A slot that is used later than this is counted as missed. */
const LATENESS_MS = 50;

/** `reserve` takes slots of the shared rate; `now` is a steady clock in milliseconds. */
export function openRateLimiter(
  rate: Rate,
  reserve: (count: number) => Promise<ReservedSlots>,
  now: () => number = () => performance.now(),
): RateLimiter {
  const batch = slotsWithin(rate, HORIZON_MS);
  const line = openWaitingLine();
  let slots: number[] = [];
  let reserving = false;
  let gathering = false;
  let timer: Timer | undefined;

  /** Everybody who comes within this turn of the event loop is served together. */
  function gather(): void {
    if (gathering) return;
    gathering = true;
    setImmediate(() => {
      gathering = false;
      serve();
    });
  }

  function serve(): void {
    timer?.clear();
    line.admit(takeDueSlots());
    if (line.length() === 0) {
      // Nobody may use a slot long after it was due: by then others have used the rate.
      slots = [];
      return;
    }
    // Half of those who wait at a time: few round trips, and the next slots are there before these run out.
    if (!reserving && slots.length * 2 <= Math.min(line.length(), batch)) void reserveMore();
    const [first] = slots;
    if (first !== undefined) timer = startTimer(serve, Math.max(0, first - now()));
  }

  /** Of slots that were missed because this process was busy only one is used: the source must not see a burst. */
  function takeDueSlots(): number {
    const at = now();
    const due = slots.filter((slot) => slot <= at);
    slots = slots.slice(due.length);
    const punctual = due.filter((slot) => slot >= at - LATENESS_MS);
    return Math.max(punctual.length, Math.min(due.length, 1));
  }

  async function reserveMore(): Promise<void> {
    reserving = true;
    try {
      const { nowUs, slotsUs } = await reserve(Math.min(line.length() - slots.length, batch));
      // Counted from when the answer came: too late by its way back, never too early.
      const received = now();
      slots.push(...slotsUs.map((slot) => received + (slot - nowUs) / 1_000));
      slots.sort((a, b) => a - b);
    } catch (error) {
      line.refuse(error, line.length());
    } finally {
      reserving = false;
    }
    serve();
  }

  return {
    take(signal) {
      const turn = line.join(signal);
      gather();
      return turn;
    },
  };
}
