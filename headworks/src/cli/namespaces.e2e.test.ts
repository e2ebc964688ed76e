// Tests of --namespace on the commands that read.

import { expect, test } from "vitest";
import { REPLAY, SECOND, seasonOf, slice } from "../engine/planning/namespace.fixture.ts";
import { startEngine } from "../testing/engine.ts";
import { runCommand } from "./command.fixture.ts";

test("reading commands ask of the namespace that is named, and refuse one that isn't there", async () => {
  await using live = await startEngine([seasonOf({ factor: 1 })]);
  await live.untilSettled();
  await live.stop();
  const beside = { database: live.db, namespace: REPLAY, codeVersion: "other" };
  await using replay = await startEngine([seasonOf({ factor: 10, fails: "other code" })], {
    ...beside,
    selection: [slice("raw", SECOND), slice("total", SECOND)],
  });
  await replay.untilRun("raw", SECOND);
  await replay.stop();
  const ask = (...args: string[]) => runCommand([...args, "--database-url", live.db.url]);
  const json = async (...args: string[]) => JSON.parse((await ask(...args, "--json")).stdout);
  const there = ["--namespace", REPLAY];

  expect((await json("outputs", "list")).items).toHaveLength(4);
  expect((await json("outputs", "list", ...there)).items).toHaveLength(2);
  expect((await json("runs", "list")).items).toHaveLength(4);
  expect((await json("runs", "list", ...there)).items).toMatchObject([
    { processor: "raw", outcome: "error" },
  ]);
  expect((await json("tasks", "list")).items).toEqual([]);
  expect((await json("tasks", "list", ...there)).items).toMatchObject([{ lane: REPLAY, state: "failed" }]);
  expect((await json("failures", "list")).items).toEqual([]);
  expect((await json("failures", "list", ...there)).items).toMatchObject([{ tasks: 1 }]);
  expect((await json("health")).verdict).not.toBe("bad");
  expect((await json("health", ...there)).verdict).toBe("bad");
  expect((await json("status", ...there)).processors).toMatchObject([{ failed: 1 }, { blocked: 1 }]);
  expect((await json("runs", "show", "raw", SECOND, ...there)).run.outcome).toBe("error");
  expect((await json("runs", "show", "raw", SECOND)).run.outcome).toBe("success");
  expect((await json("lineage", "totals", SECOND, ...there)).row.points).toBe(3);
  expect((await ask("logs", ...there)).stderr).toContain("no line matches");

  const { code, stderr } = await ask("health", "--namespace", "replay_seson", "--json");
  expect(code).not.toBe(0);
  expect(JSON.parse(stderr).error).toMatchObject({
    code: "UNKNOWN_NAMESPACE",
    hint: `did you mean ${REPLAY}?`,
  });
});
