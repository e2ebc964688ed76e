// Tests of what sources share in the database: the SQL decides as the pure model does, for any number of callers.

import { describe, expect, test } from "vitest";
import { reserveSlots as decide, rateOf } from "../../domain/dispatch/rate-limit.ts";
import { createTestDatabase } from "../../testing/database.ts";
import { untilSomebodyWaits } from "../../testing/database-activity.ts";
import { type Database, openDatabase } from "../database.ts";
import { findDocument, reserveSlots, takeQuota } from "./sources.ts";

describe("the slots of a rate", () => {
  test("are those of the pure model, whatever is reserved before and after", async () => {
    await using db = await createTestDatabase();
    const rates = [rateOf(1_000), rateOf(3, 4), rateOf(7.5, 2.5), rateOf(0.01, 10)];
    const counts = [1, 5, 2, 1, 20, 3, 1, 1];

    for (const [index, rate] of rates.entries()) {
      let arrivalUs = 0;
      for (const count of counts) {
        const reserved = await reserveSlots(db.database, `source_${index}`, rate, count);
        const decided = decide(rate, arrivalUs, count, reserved.nowUs);
        expect(reserved.slotsUs).toEqual(decided.slotsUs);
        arrivalUs = decided.arrivalUs;
      }
    }
  });

  test("are counted from the moment at which the row was free, not from when it was asked for", async () => {
    await using db = await createTestDatabase();
    const rate = rateOf(1_000);
    await reserveSlots(db.database, "busy", rate, 1);
    const holder = await db.database.connect();
    await holder.query("begin");
    await holder.query("update headworks.sources set quota_used = 1 where name = 'busy'");

    const waiting = reserveSlots(db.database, "busy", rate, 1);
    await untilSomebodyWaits(db.database);
    const freedUs = await clockUs(db.database);
    await holder.query("commit");
    holder.release();

    expect((await waiting).nowUs).toBeGreaterThanOrEqual(freedUs);
  });

  test("are never more than rate · window + burst for many pools at once", async () => {
    await using db = await createTestDatabase();
    const pools = Array.from({ length: 4 }, () => openDatabase({ url: db.url, role: "tests" }));
    const rate = rateOf(400, 5);

    const reservations = await Promise.all(
      pools.flatMap((pool) => [1, 4, 2, 7, 1].map((count) => reserveSlots(pool, "shared", rate, count))),
    );
    await Promise.all(pools.map((pool) => pool.end()));

    const slots = reservations.flatMap((each) => each.slotsUs).sort((a, b) => a - b);
    const excess = slots.flatMap((from, first) =>
      slots.slice(first).map((to, offset) => offset + 1 - ((to - from) / 1_000_000) * 400 - 5),
    );
    expect(slots).toHaveLength(60);
    expect(Math.max(...excess)).toBeLessThanOrEqual(1e-6);
  });
});

describe("a quota", () => {
  const quota = { requests: 10, per: "hour" } as const;

  test("is never exceeded by many who take it at once", async () => {
    await using db = await createTestDatabase();

    const grants = await Promise.all(
      Array.from({ length: 8 }, () => takeQuota(db.database, "shared", quota, 3)),
    );

    expect(grants.reduce((sum, grant) => sum + grant.granted, 0)).toBe(10);
    expect(grants.filter((grant) => grant.granted === 0).length).toBe(4);
  });

  test.each([
    ["hour", 3_600_000],
    ["day", 86_400_000],
  ] as const)(
    "per %s says how long until the next begins in UTC, in any session time zone",
    async (per, length) => {
      await using db = await createTestDatabase();
      const session = openDatabase({
        url: `${db.url}?options=-c%20timezone%3DAsia/Kathmandu`,
        role: "tests",
      });

      const before = await clockUs(db.database);
      const { nextWindowMs } = await takeQuota(session, "shared", { requests: 1, per }, 1);
      const after = await clockUs(db.database);
      await session.end();

      // There is a boundary between UTC hours (or days) just that long after a moment between the two.
      const boundary = Math.floor((after / 1_000 + nextWindowMs) / length) * length;
      expect(boundary).toBeGreaterThanOrEqual(before / 1_000 + nextWindowMs);
      expect(nextWindowMs).toBeLessThanOrEqual(length);
    },
  );

  test("is whole again in the next window", async () => {
    await using db = await createTestDatabase();
    await takeQuota(db.database, "shared", quota, 10);
    expect((await takeQuota(db.database, "shared", quota, 1)).granted).toBe(0);
    await db.database.query(
      "update headworks.sources set quota_window_at = quota_window_at - interval '1 hour'",
    );

    expect((await takeQuota(db.database, "shared", quota, 4)).granted).toBe(4);
    expect((await takeQuota(db.database, "shared", quota, 10)).granted).toBe(6);
  });

  test("and a rate of the same source share its row", async () => {
    await using db = await createTestDatabase();
    await takeQuota(db.database, "shared", quota, 10);
    await reserveSlots(db.database, "shared", rateOf(1), 3);

    expect((await takeQuota(db.database, "shared", quota, 1)).granted).toBe(0);
    expect((await db.database.query("select name from headworks.sources")).rows).toEqual([
      { name: "shared" },
    ]);
  });
});

test("the newest response that was no error is found, or the newest that said there is none", async () => {
  await using db = await createTestDatabase();
  for (const [index, status] of [200, 200, 404, 503].entries())
    await insertDocument(db.database, status, `body ${index}`);

  expect(await findDocument(db.database, "stats", "asked", false)).toMatchObject({
    status: 200,
    hash: "body 1",
    headers: { etag: "x" },
  });
  expect(await findDocument(db.database, "stats", "asked", true)).toMatchObject({
    status: 404,
    hash: "body 2",
  });
  expect(await findDocument(db.database, "stats", "other", true)).toBeUndefined();
  expect(await findDocument(db.database, "other", "asked", true)).toBeUndefined();
});

async function insertDocument(database: Database, status: number, hash: string): Promise<void> {
  await database.query(
    `insert into headworks.raw_documents (source, method, url, request_hash, status, headers, hash, bytes, duration_ms, fetched_at, run_id)
     values ('stats', 'GET', 'https://stats.example/x', 'asked', $1, '{"etag": "x"}', $2, 1, 1, now(), gen_random_uuid())`,
    [status, hash],
  );
}

async function clockUs(database: Database): Promise<number> {
  const result = await database.query(
    "select (extract(epoch from clock_timestamp()) * 1000000)::bigint as us",
  );
  return result.rows[0].us;
}
