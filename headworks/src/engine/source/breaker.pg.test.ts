// Tests of the circuit breaker of a source: several processes' clients, one database, and a real server that fails.

import { expect, test } from "vitest";
import { listBreakers, resetBreaker } from "../../store/failure/breakers.ts";
import { createTestDatabase } from "../../testing/database.ts";
import { openTestClients, sourceAt, startServer, testRun } from "./source.fixture.ts";

/** As that of the run of one request; whether it is refused, its code. */
const codeOf = (request: Promise<string>) =>
  request.then(
    (text) => text,
    (error) => error.code,
  );

async function openWorld(breaker: { failures: number; reset: `${number}s` | `${number}h` }) {
  const db = await createTestDatabase();
  const health = { status: 503, held: Promise.resolve() };
  const server = await startServer((_, response) => {
    void health.held.then(() => response.writeHead(health.status).end("ok"));
  });
  const processes = await Promise.all([1, 2, 3].map(() => openTestClients(db)));
  const source = sourceAt(server.url, { breaker, maxRetries: 0 });
  const ask = (process: number, run = testRun()) =>
    codeOf(processes[process]?.open(source, run).text("/") ?? Promise.reject(new Error("no such process")));
  return {
    db,
    server,
    health,
    ask,
    processes,
    source,
    /** Lets the time of the breaker come, by the database's clock. */
    async letProbe() {
      await db.database.query(
        "update headworks.breakers set retry_at = clock_timestamp(), version = version + 1",
      );
    },
    async state() {
      return (await listBreakers(db.database, "prod"))[0];
    },
    async events() {
      const { rows } = await db.database.query("select kind from headworks.events order by id");
      return rows.map((row) => row.kind);
    },
    async [Symbol.asyncDispose]() {
      for (const each of processes) await each[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}

test("failures of several processes open one breaker, and none of them sends anything more", async () => {
  await using world = await openWorld({ failures: 3, reset: "1h" });

  expect(await world.ask(0)).toBe("SOURCE_STATUS");
  expect(await world.ask(1)).toBe("SOURCE_STATUS");
  expect(await world.ask(0)).toBe("SOURCE_STATUS");

  expect(await world.ask(0)).toBe("BREAKER_OPEN");
  expect(await world.ask(2)).toBe("BREAKER_OPEN");
  expect(world.server.requests).toHaveLength(3);
  expect(await world.state()).toMatchObject({
    kind: "source",
    name: "test",
    state: "open",
    reason: "3 failures in a row; the last: status 503",
  });
  expect(await world.events()).toEqual(["breaker.open"]);
});

test("whoever is refused is told how long until the probe", async () => {
  await using world = await openWorld({ failures: 1, reset: "1h" });
  await world.ask(0);

  const refused = world.processes[1]?.open(world.source).text("/");

  await expect(refused).rejects.toMatchObject({
    code: "BREAKER_OPEN",
    message: "the breaker of the source test is open: a failure; the last: status 503",
  });
  const { retryAfterMs } = await Promise.resolve(refused).catch((error) => error);
  expect(retryAfterMs).toBeGreaterThan(3_500_000);
  expect(retryAfterMs).toBeLessThanOrEqual(3_600_000);
});

test("of many requests of all processes one goes out as the probe; its success closes the breaker", async () => {
  await using world = await openWorld({ failures: 1, reset: "1h" });
  await world.ask(0);
  const held = Promise.withResolvers<void>();
  Object.assign(world.health, { status: 200, held: held.promise });
  await world.letProbe();
  let refused = 0;

  const answers = await Promise.all(
    [0, 1, 2].flatMap((process) =>
      [1, 2, 3].map(async () => {
        const answer = await world.ask(process);
        if (answer === "BREAKER_OPEN") refused += 1;
        // Only when all others were refused is the probe answered.
        if (refused === 8) held.resolve();
        return answer;
      }),
    ),
  );

  expect(answers.filter((answer) => answer === "ok")).toHaveLength(1);
  expect(world.server.requests).toHaveLength(2);
  expect(await world.state()).toMatchObject({ state: "closed", reason: null });
  expect(await world.events()).toEqual(["breaker.open", "breaker.half_open", "breaker.closed"]);
});

test("a probe that fails opens the breaker anew; one that was cut short leaves it to another", async () => {
  await using world = await openWorld({ failures: 1, reset: "1h" });
  await world.ask(0);
  await world.letProbe();
  expect(await world.ask(1)).toBe("SOURCE_STATUS");
  expect(await world.state()).toMatchObject({
    state: "open",
    reason: "the probe failed; the last: status 503",
  });

  await world.letProbe();
  const controller = new AbortController();
  const held = Promise.withResolvers<void>();
  Object.assign(world.health, { status: 200, held: held.promise });
  const cutShort = world.ask(2, testRun({ signal: controller.signal }));
  await expect.poll(() => world.server.requests.length, { timeout: 20_000 }).toBe(3);
  controller.abort(Object.assign(new Error("the run is over"), { code: "CUT" }));
  expect(await cutShort).toBe("CUT");
  held.resolve();

  await expect.poll(() => world.ask(2), { timeout: 20_000 }).toBe("ok");
  expect(world.server.requests).toHaveLength(4);
});

test("once it is reset, every process sends again", async () => {
  await using world = await openWorld({ failures: 1, reset: "1h" });
  await world.ask(0);
  expect(await world.ask(1)).toBe("BREAKER_OPEN");
  world.health.status = 200;

  expect(await resetBreaker(world.db.database, "prod", { kind: "source", name: "test" })).toBe("open");

  for (const process of [0, 1, 2])
    await expect.poll(() => world.ask(process), { timeout: 20_000 }).toBe("ok");
});

test("while all is well nothing is written, and a refusal that is the request's own fault is no failure", async () => {
  await using world = await openWorld({ failures: 1, reset: "1h" });
  const version = async () =>
    (await world.db.database.query("select version from headworks.breakers")).rows.map((row) => row.version);
  world.health.status = 404;
  expect(await world.ask(0)).toBe("SOURCE_STATUS");
  world.health.status = 200;
  for (let asked = 0; asked < 20; asked++) expect(await world.ask(asked % 3)).toBe("ok");

  expect(await version()).toEqual([0]);
  expect(await world.events()).toEqual([]);
});
