// A process of its own that takes slots of a source's rate, for rate-limiter.pg.test.ts: tells each slot, and when it was let out.

import { rateOf } from "../../domain/dispatch/rate-limit.ts";
import { openDatabase } from "../../store/database.ts";
import { reserveSlots } from "../../store/history/sources.ts";
import { openRateLimiter } from "./rate-limiter.ts";

export interface LimitedProcessReport {
  /** Microseconds, by the database's clock. */
  slotsUs: number[];
  letOutUs: number[];
}

const [url = "", perSecond = "", burst = "", count = ""] = process.argv.slice(2);
const database = openDatabase({ url, role: "tests", maxConnections: 8 });
const rate = rateOf(Number(perSecond), Number(burst));
const report: LimitedProcessReport = { slotsUs: [], letOutUs: [] };
const limiter = openRateLimiter(rate, async (wanted) => {
  const reserved = await reserveSlots(database, "shared", rate, wanted);
  report.slotsUs.push(...reserved.slotsUs);
  return reserved;
});
const { signal } = new AbortController();

// Takes begin when the test says so, so that all processes compete.
process.once("message", async () => {
  await Promise.all(Array.from({ length: Number(count) }, takeOne));
  await database.end();
  process.send?.(report, () => process.disconnect());
});
process.send?.("ready");

async function takeOne(): Promise<void> {
  await limiter.take(signal);
  const clock = await database.query(
    "select (extract(epoch from clock_timestamp()) * 1000000)::bigint as us",
  );
  report.letOutUs.push(clock.rows[0].us);
}
