// Tests of pruning by hand: who asked is kept with each batch, in the transaction that removes it.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { processor } from "../define/processor.ts";
import { NAMESPACE, openWorld, pipelineOf } from "../testing/engine.ts";
import { readNumber } from "../testing/engine-ledger.ts";
import { previewRetention, pruneRetention } from "./retention.ts";

const OLD = `insert into headworks.events (kind, subject, message, at)
  select 'a', 'old', '', now() - interval '1 year' from generate_series(1, 1500)`;
const COUNT = "select count(*) from headworks.events where subject = 'old'";

test("each batch leaves an audit row, and removes nothing if that can't be written", async () => {
  await using world = await openWorld([
    pipelineOf(processor("teams", { phase: "all", run: () => undefined })),
  ]);
  const { database } = world.db;
  const dataDir = await mkdtemp(join(tmpdir(), "headworks-prune-"));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  const operator = { database, namespace: NAMESPACE, actor: "ada" };
  const place = { registry: world.registry, dataDir };
  await database.query(OLD);
  await database.query(
    "alter table headworks.audit_log add constraint no_room check (action <> 'retention.prune')",
  );
  await expect(pruneRetention(operator, place)).rejects.toMatchObject({ constraint: "no_room" });
  expect(await readNumber(database, COUNT)).toBe(1_500);
  await database.query("alter table headworks.audit_log drop constraint no_room");
  const { items: expected } = await previewRetention(database, world.registry);

  expect(await pruneRetention(operator, place)).toEqual({ items: expect.arrayContaining(expected) });

  expect(await readNumber(database, COUNT)).toBe(0);
  const { rows } = await database.query(
    "select actor, subject, details -> 'rows' as rows from headworks.audit_log where action = 'retention.prune' order by id",
  );
  expect(rows).toEqual([1_000, 500].map((removed) => ({ actor: "ada", subject: "events", rows: removed })));
});
