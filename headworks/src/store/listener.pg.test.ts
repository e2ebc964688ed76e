// Tests of the listener: it hears hints, and hears them again after its connection was lost, without ending the process.

import { expect, inject, test, vi } from "vitest";
import { createTestDatabase } from "../testing/database.ts";
import { openProxy } from "../testing/proxy.ts";
import { openDatabase } from "./database.ts";
import { ReadyListener } from "./listener.ts";
import { hintReadyTasks } from "./queue/tasks.ts";

test("a hint is heard, and so is one after the connection was terminated", async () => {
  await using db = await createTestDatabase();
  const heard = vi.fn();
  const listener = new ReadyListener(db.url, heard);
  await listener.start();
  expect(heard).toHaveBeenCalledTimes(1);

  await hintReadyTasks(db.database);
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(2));
  const terminated = await db.database.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'headworks listener' and datname = current_database()",
  );
  expect(terminated.rows).toHaveLength(1);
  // It looks for work when it listens again, for hints that it can't have heard.
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(3), { timeout: 10_000 });
  await hintReadyTasks(db.database);
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(4));
  await listener.stop();

  const admin = openDatabase({ url: inject("postgresUrl"), role: "tests", maxConnections: 1 });
  const left = await admin.query(
    "select 1 from pg_stat_activity where application_name = 'headworks listener' and datname = $1",
    [new URL(db.url).pathname.slice(1)],
  );
  await admin.end();
  expect(left.rows).toEqual([]);
});

test("a connection that the network has forgotten is noticed, and replaced", async () => {
  await using db = await createTestDatabase();
  await using proxy = await openProxy(db.url);
  const heard = vi.fn();
  const listener = new ReadyListener(proxy.url, heard, { pingEveryMs: 50, answerWithinMs: 1_000 });
  await listener.start();
  proxy.fallSilent();

  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(2), { timeout: 20_000 });
  await hintReadyTasks(db.database);
  await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(3));
  await listener.stop();
});

test("a database that isn't there is tried again in the background, until the listener is stopped", async () => {
  const heard = vi.fn();
  const listener = new ReadyListener("postgres://nobody@127.0.0.1:1/nothing", heard);

  await listener.start();
  await listener.stop();

  expect(heard).not.toHaveBeenCalled();
});
