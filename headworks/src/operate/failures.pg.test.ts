// Tests of what people do about failed tasks: retries alone and by a redrive, from an earlier stage, resolved and ignored.

import { expect, test } from "vitest";
import { daily } from "../define/partition-sets.ts";
import { processor } from "../define/processor.ts";
import { queue } from "../define/queue.ts";
import { countRetryable, listFailures, listRedrives, showFailure } from "../inspect/failures.ts";
import { findPayload } from "../store/queue/payloads.ts";
import { NAMESPACE, openWorld, pipelineOf, type World } from "../testing/engine.ts";
import { claim, enlist, returned, settleRuns } from "../testing/engine-claims.ts";
import { readLedger, readNumber } from "../testing/engine-ledger.ts";
import { ignoreFailure, resolveFailure, retryFailures } from "./failures.ts";
import type { Operator } from "./operator.ts";
import { cancelRedrive } from "./redrives.ts";

const week = daily({ start: "2026-01-01", end: "2026-01-07" });
const once = queue("once", { maxAttempts: 1 });
const raw = processor("raw", { phase: "all", partitions: week, run: () => undefined });
const days = processor("days", {
  phase: "all",
  partitions: week,
  needs: [raw],
  queue: once,
  run: () => undefined,
});

const operatorOf = (world: World): Operator => ({
  database: world.db.database,
  namespace: NAMESPACE,
  actor: "ada",
});

/** A week of which every day of `days` has failed: the first two otherwise than the others. */
async function openFailed(): Promise<World> {
  const world = await openWorld([pipelineOf(raw, days)]);
  const worker = await enlist(world);
  const made = await claim(world, worker);
  await settleRuns(
    world,
    worker,
    made.map((task) => returned(world, task)),
  );
  const failing = await claim(world, worker, { queue: "once" });
  expect(failing).toHaveLength(7);
  await settleRuns(
    world,
    worker,
    failing.map((task) => {
      const kind = task.partition <= "2026-01-02" ? "invalid" : "threw";
      return returned(world, task, { report: { kind } });
    }),
  );
  return world;
}

async function auditOf({ db }: World) {
  const { rows } = await db.database.query(
    "select actor, action, subject, details from headworks.audit_log order by id",
  );
  return rows;
}

const ready = ({ db }: World) =>
  readNumber(db.database, "select count(*) from headworks.tasks where state = 'ready'");
const all = { all: true };

test("failures come in pages that leave none out, those of most tasks first, and so do their tasks", async () => {
  await using world = await openFailed();
  const { database } = world.db;

  const first = await listFailures(database, NAMESPACE, { limit: 1 });
  expect(first.items).toMatchObject([{ state: "open", tasks: 5, processors: ["days"] }]);
  const cursor = first.next_cursor ?? "";
  const second = await listFailures(database, NAMESPACE, { limit: 1, cursor });
  expect(second).toMatchObject({ items: [{ tasks: 2 }], next_cursor: null });

  const fingerprint = first.items[0]?.fingerprint?.slice(0, 8) ?? "";
  const seen: string[] = [];
  let page: string | null = null;
  do {
    const shown = await showFailure(database, NAMESPACE, {
      fingerprint,
      limit: 2,
      ...(page && { cursor: page }),
    });
    expect(shown.failure).toMatchObject({ tasks: 5 });
    seen.push(...shown.tasks.items.map((task) => task.partition));
    page = shown.tasks.next_cursor;
  } while (page !== null);
  expect(seen.toSorted()).toEqual([3, 4, 5, 6, 7].map((day) => `2026-01-0${day}`));

  const wrong = listFailures(database, NAMESPACE, { limit: 1, cursor: "17" });
  await expect(wrong).rejects.toMatchObject({ code: "CURSOR_INVALID" });
});

test("a failure that is resolved comes after the open ones, on whichever page", async () => {
  await using world = await openFailed();
  const { database } = world.db;
  const [most] = (await listFailures(database, NAMESPACE, { limit: 1 })).items;
  const operator = operatorOf(world);

  const fingerprint = most?.fingerprint ?? "";
  const resolved = await resolveFailure(operator, { fingerprint: fingerprint.slice(0, 8), note: "fixed" });
  expect(resolved).toEqual({ fingerprint, state: "resolved" });
  const first = await listFailures(database, NAMESPACE, { limit: 1 });
  expect(first.items).toMatchObject([{ state: "open", tasks: 2 }]);
  const second = await listFailures(database, NAMESPACE, { limit: 1, cursor: first.next_cursor ?? "" });
  expect(second).toMatchObject({
    items: [{ fingerprint, state: "resolved", note: "fixed" }],
    next_cursor: null,
  });

  const again = ignoreFailure(operator, { fingerprint, above: 3 });
  await expect(again).rejects.toMatchObject({ code: "FAILURE_STATE" });
  expect(await auditOf(world)).toEqual([
    { actor: "ada", action: "failures.resolve", subject: fingerprint, details: { note: "fixed" } },
  ]);
});

test("a failure is ignored with its end, and an unknown one is refused", async () => {
  await using world = await openFailed();
  const operator = operatorOf(world);
  const [one] = (await listFailures(world.db.database, NAMESPACE, { limit: 1 })).items;
  const fingerprint = one?.fingerprint ?? "";

  expect(await ignoreFailure(operator, { fingerprint, above: 45, note: "known" })).toEqual({
    fingerprint,
    state: "ignored",
    ignored_until: null,
    ignored_above: 45,
  });
  await expect(ignoreFailure(operator, { fingerprint: "zz", above: 1 })).rejects.toMatchObject({
    code: "FAILURE_UNKNOWN",
  });
  expect(await auditOf(world)).toMatchObject([
    { action: "failures.ignore", details: { above: 45, note: "known" } },
  ]);
});

test("one task is ready at once, with its payload; a payload for many is refused and leaves no trace", async () => {
  await using world = await openFailed();
  const { database } = world.db;
  const operator = operatorOf(world);

  const many = retryFailures(operator, { ...all, payload: "1" });
  await expect(many).rejects.toMatchObject({ code: "PAYLOAD_FOR_ONE" });
  const nobody = retryFailures(operator, { ...all, processor: "day" });
  await expect(nobody).rejects.toMatchObject({ code: "UNKNOWN_PROCESSOR", hint: "did you mean days?" });
  expect(await retryFailures(operator, { all: false, text: "never said" })).toMatchObject({ retried: 0 });
  expect(await auditOf(world)).toEqual([]);

  const one = { all: false, processor: "days", partition: "2026-01-03", payload: '{"amount": 7}' };
  expect(await retryFailures(operator, one)).toEqual({
    retried: 1,
    redrive: null,
    state: "done",
    outputs: null,
  });
  expect(await ready(world)).toBe(1);
  const id = await readNumber(database, "select output_id from headworks.tasks where state = 'ready'");
  expect(await findPayload(database, id)).toBe('{"amount": 7}');
  expect(await auditOf(world)).toMatchObject([
    { actor: "ada", action: "failures.retry", subject: "days", details: { tasks: 1, payload: true } },
  ]);
});

test("many are a redrive of what had failed when it was confirmed; it is listed, and canceled once", async () => {
  await using world = await openFailed();
  const { database } = world.db;
  const operator = operatorOf(world);
  const counted = await countRetryable(database, NAMESPACE, {});
  expect(counted).toMatchObject({ tasks: 7, outputs: null });

  const begun = await retryFailures(operator, { ...all, rate: 0.5, newest_id: counted.newest_id - 1 });
  expect(begun).toEqual({ retried: 0, redrive: expect.any(Number), state: "running", outputs: null });
  const id = begun.redrive ?? 0;
  const other = await retryFailures(operator, { all: false, outcome: "validation_failed" });
  const page = await listRedrives(database, NAMESPACE, { limit: 1 });
  expect(page.items).toMatchObject([
    { id: other.redrive, tasks: 2, filter: { outcome: "validation_failed" } },
  ]);
  const next = await listRedrives(database, NAMESPACE, { limit: 1, cursor: page.next_cursor ?? "" });
  expect(next).toMatchObject({
    items: [{ id, state: "running", tasks: 6, rate: 0.5, filter: {}, created_by: "ada" }],
    next_cursor: null,
  });

  expect(await cancelRedrive(operator, { id })).toEqual({ id, state: "cancelled", retried: 0, tasks: 6 });
  await expect(cancelRedrive(operator, { id })).rejects.toMatchObject({ code: "REDRIVE_OVER" });
  await expect(cancelRedrive(operator, { id: 99 })).rejects.toMatchObject({ code: "REDRIVE_UNKNOWN" });
  expect(await auditOf(world)).toMatchObject([
    { action: "failures.retry", subject: "failed tasks", details: { tasks: 6, rate: 0.5, redrive: id } },
    { action: "failures.retry", details: { tasks: 2 } },
    { action: "redrives.cancel", subject: String(id), details: { retried: 0, tasks: 6 } },
  ]);
});

test("from an earlier stage on, what failed waits for what runs again", async () => {
  await using world = await openFailed();
  const { database } = world.db;
  const operator = operatorOf(world);
  const asked = { processor: "days", partition: "2026-01-03", from: "raw" };

  expect(await countRetryable(database, NAMESPACE, asked)).toMatchObject({ tasks: 1, outputs: 2 });
  const wrong = retryFailures(operator, { all: false, ...asked, from: "rwa" });
  await expect(wrong).rejects.toMatchObject({ code: "NOT_UPSTREAM" });
  const done = await retryFailures(operator, { all: false, ...asked });
  expect(done).toEqual({ retried: 1, redrive: null, state: "done", outputs: 2 });
  const ledger = await readLedger(database);
  expect(ledger["raw[2026-01-03]"]).toBe("expected / ready");
  expect(ledger["days[2026-01-03]"]).toBe("expected");
  expect(await auditOf(world)).toMatchObject([
    { action: "failures.retry", subject: "days", details: { from: "raw", tasks: 1, outputs: 2 } },
  ]);
});
