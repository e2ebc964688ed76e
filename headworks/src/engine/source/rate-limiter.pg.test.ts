// Tests of a source's limits across processes, and of the requests that they let out, by the database's clock.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { createTestDatabase } from "../../testing/database.ts";
import type { LimitedProcessReport } from "./limited-process.fixture.ts";
import { inTurn, openTestClients, sourceAt, startServer, testRun } from "./source.fixture.ts";

describe("several processes that hammer one source", () => {
  const perSecond = 150;
  const burst = 4;

  test("never exceed rate · window + burst together, and never go out early", async () => {
    await using db = await createTestDatabase();
    const processes = await Promise.all(
      [1, 2, 3].map(() => startLimited([db.url, String(perSecond), String(burst), "30"])),
    );

    const reports = await Promise.all(processes.map(reportOf));

    const slots = reports.flatMap((report) => report.slotsUs).sort((a, b) => a - b);
    const letOut = reports.flatMap((report) => report.letOutUs).sort((a, b) => a - b);
    const excess = slots.flatMap((from, first) =>
      slots.slice(first).map((to, offset) => offset + 1 - ((to - from) / 1_000_000) * perSecond - burst),
    );
    expect(letOut).toHaveLength(90);
    expect(Math.max(...excess)).toBeLessThanOrEqual(1e-6);
    // The n-th request to go out is no earlier than the n-th slot.
    expect(letOut.filter((us, index) => us < (slots[index] ?? 0))).toEqual([]);
    for (const report of reports) expect(report.slotsUs.length).toBeGreaterThanOrEqual(30);
  });
});

describe("a client", () => {
  test("takes a slot for every try and every redirect", async () => {
    await using db = await createTestDatabase();
    await using server = await startServer(
      inTurn(
        (_, response) => response.writeHead(503).end(),
        (_, response) => response.writeHead(302, { location: "/moved" }).end(),
        (_, response) => response.end("ok"),
      ),
    );
    await using clients = await openTestClients(db);
    const source = sourceAt(server.url, { maxRequestsPerSecond: 0.001, maxBurstSize: 3 });
    const run = testRun();

    expect(await clients.open(source, run).text("/")).toBe("ok");
    expect(run.requestsSent).toBe(3);
    // The burst is used up: the next slot is a thousand seconds ahead, within a second or so.
    const { rows } = await db.database.query(
      "select extract(epoch from next_slot_at - now()) between 2900 and 3000 as ahead from headworks.sources",
    );
    expect(rows).toEqual([{ ahead: true }]);
  });

  test("waits for its slot no longer than its run", async () => {
    await using db = await createTestDatabase();
    await using server = await startServer((_, response) => response.end("ok"));
    await using clients = await openTestClients(db);
    const source = sourceAt(server.url, { maxRequestsPerSecond: 0.001 });
    const controller = new AbortController();
    const reason = new Error("the run is over");
    await clients.open(source).text("/first");

    const waiting = clients.open(source, testRun({ signal: controller.signal })).text("/second");
    controller.abort(reason);

    await expect(waiting).rejects.toBe(reason);
    expect(server.requests.map((request) => request.url)).toEqual(["/first"]);
  });

  test("is told when the quota is used up, and until when, without sending anything", async () => {
    await using db = await createTestDatabase();
    await using server = await startServer((_, response) => response.end("ok"));
    await using clients = await openTestClients(db);
    const source = sourceAt(server.url, { quota: { requests: 3, per: "day" } });
    const run = testRun();
    const client = clients.open(source, run);

    const answers = await Promise.allSettled([1, 2, 3, 4, 5].map((index) => client.text(`/${index}`)));

    const refused = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason] : []));
    expect(refused).toHaveLength(2);
    expect(refused[0]).toMatchObject({
      code: "QUOTA_EXHAUSTED",
      message: expect.stringContaining("3 requests per day"),
    });
    expect(refused[0].retryAfterMs).toBeGreaterThan(0);
    expect(refused[0].retryAfterMs).toBeLessThanOrEqual(86_400_000);
    expect(server.requests).toHaveLength(3);
    expect(run.requestsSent).toBe(3);
  });

  test("of a source with limits fails when the database can't be reached, without sending anything", async () => {
    await using server = await startServer((_, response) => response.end("ok"));
    await using clients = await openTestClients();
    const source = sourceAt(server.url, { maxRequestsPerSecond: 10, quota: { requests: 10, per: "hour" } });

    await expect(clients.open(source).text("/")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect(server.requests).toEqual([]);
  });
});

async function startLimited(args: string[]): Promise<ChildProcess> {
  const child = fork(new URL("./limited-process.fixture.ts", import.meta.url), args);
  await once(child, "message");
  return child;
}

async function reportOf(child: ChildProcess): Promise<LimitedProcessReport> {
  const told = once(child, "message");
  child.send("go");
  const [report] = await told;
  return report;
}
