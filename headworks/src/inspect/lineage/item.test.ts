import { expect, test } from "vitest";
import type { AppliedDataset } from "../../store/history/lineage.queries.ts";
import { conditionsFor, eitherOf, itemOf } from "./item.ts";

type Types = Record<string, AppliedDataset["columns"][number]["type"]>;

function dataset(key: string[], types: Types): AppliedDataset {
  const columns = Object.entries(types).map(([name, type]) => ({
    name,
    type,
    nullable: false,
    absent: false,
  }));
  return { name: "any", columns, key, owners: [] };
}

const row = (values: Record<string, unknown>, partition = "all") => ({
  ...values,
  ...{ _processor: "p", _partition: partition, _run: "r" },
});
const predictions = dataset(["date", "player_id"], { date: "date", player_id: "bigint", game_id: "text" });
const prediction = itemOf(predictions, [
  row({ date: "2026-01-14", player_id: 7, game_id: "g1" }, "2026-01-14"),
]);

test("what the key says is looked for in every column of that name, but never the day: edges say which days", () => {
  const scores = dataset(["line"], { line: "text", date: "date", player_id: "bigint" });
  expect(conditionsFor(prediction, scores)).toEqual(new Map([["player_id", ["7"]]]));
});

test("what else the row says is looked for only as a key, and only where the key itself doesn't fit", () => {
  expect(conditionsFor(prediction, dataset(["game_id"], { game_id: "text" }))).toEqual(
    new Map([["game_id", ["g1"]]]),
  );
  expect(conditionsFor(prediction, dataset(["id"], { id: "text", game_id: "text" })).size).toBe(0);
  const earlier = dataset(["game_id", "player_id"], { game_id: "text", player_id: "bigint" });
  expect([...conditionsFor(prediction, earlier).keys()]).toEqual(["player_id"]);
});

test("a column of the same name and another type is another thing", () => {
  expect(conditionsFor(prediction, dataset(["player_id"], { player_id: "text" })).size).toBe(0);
});

test("a week that names its own partition is time too; a game that names its own is not", () => {
  const weekly = itemOf(dataset(["week"], { week: "text" }), [row({ week: "2026-W03" }, "2026-W03")]);
  expect(weekly.known.size).toBe(0);
  const game = itemOf(dataset(["game_id"], { game_id: "text" }), [row({ game_id: "g1" }, "g1")]);
  expect([...game.known.keys()]).toEqual(["game_id"]);
});

test("of an item reached on two ways all that either knows is known", () => {
  const games = dataset(["game_id"], { game_id: "text" });
  const other = itemOf(games, [row({ game_id: "g2" }), row({ game_id: "g3" })]);
  const found = conditionsFor(eitherOf(prediction, other), games).get("game_id");
  expect([...(found ?? [])].sort()).toEqual(["g1", "g2", "g3"]);
});
