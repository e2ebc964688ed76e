// Circuit breakers by the command line: the list tells what is open and why, and a reset closes it and is in the audit log.

import { expect, test } from "vitest";
import { CLOSED } from "../domain/dispatch/breaker.ts";
import { readBreakers, saveBreakers } from "../store/failure/breakers.ts";
import { createTestDatabase } from "../testing/database.ts";
import { runCommand } from "./command.fixture.ts";

test("breakers are listed, and one is reset, by a person who is remembered", async () => {
  await using db = await createTestDatabase();
  const breakers = (...args: string[]) => runCommand(["breakers", ...args, "--database-url", db.url]);
  const json = async (...args: string[]) => JSON.parse((await breakers(...args, "--json")).stdout);
  expect((await breakers("list")).stderr).toContain("no circuit breaker has been used yet");
  const [stored] = await readBreakers(db.database, "prod", [{ kind: "source", name: "stats" }]);
  if (stored === undefined) throw new Error("a breaker is made when it is read first");
  const reason = "3 failures in a row; the last: status 503";
  const open = {
    ...CLOSED,
    state: "open" as const,
    openedAt: stored.now,
    retryAt: stored.now + 3_600_000,
    reason,
  };
  await saveBreakers(db.database, "prod", [{ ...stored, breaker: open }]);

  expect(await json("list")).toMatchObject({
    items: [{ kind: "source", name: "stats", state: "open", probe_until: null, reason }],
    next_cursor: null,
  });
  const list = (await breakers("list")).stdout;
  expect(list).toMatch(/breaker +kind +state +since +next probe +why/);
  expect(list).toMatch(/stats +source +open .* in (1h|59m|60m) +3 failures in a row/);
  expect(await breakers("reset", "stat")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("stats?"),
  });

  expect(await json("reset", "stats")).toEqual({
    kind: "source",
    name: "stats",
    state: "closed",
    was: "open",
  });
  expect(await json("list")).toMatchObject({ items: [{ state: "closed", opened_at: null, reason: null }] });
  const { rows } = await db.database.query("select action, subject, details from headworks.audit_log");
  expect(rows).toEqual([
    { action: "breakers.reset", subject: "stats", details: { kind: "source", was: "open" } },
  ]);
});
