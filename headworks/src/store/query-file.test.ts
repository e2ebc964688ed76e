import { expect, test } from "vitest";
import { parseQueryFile } from "./query-file.ts";

const FILE = `-- from ../../domain/settlement/states.ts: TaskState, LedgerStatus
-- type Move (where a task goes): task_id int8,
--   state text<TaskState>

-- name: moveTasks :many
-- tasks go on
-- params: moves json<Move[]>, lane text?, ids int8[], notes text?[]
-- returns: id int8, status text<LedgerStatus>, run_id uuid!
with a as (
  -- A comment of the statement.
  select * from json_to_recordset($moves) as m (task_id bigint, state text)
)
select id, status, run_id from t where id = any ($ids::int8[]) and lane = $lane::text and note = any ($notes::text[]);

-- name: findMove :maybe
-- where one goes
-- params: id int8
-- returns: Move
select task_id, state from t where id = $id;
`;

test("a file has the types that it names, and queries whose parameters have places for their names", () => {
  const { imports, types, queries } = parseQueryFile(FILE);

  expect(imports).toEqual([
    { path: "../../domain/settlement/states.ts", names: ["TaskState", "LedgerStatus"] },
  ]);
  expect(types).toMatchObject([
    {
      name: "Move",
      description: "where a task goes",
      fields: [{ name: "task_id" }, { typescript: "TaskState" }],
    },
  ]);
  expect(queries[0]?.text).toMatch(/^with a as \(\n {2}-- A comment of the statement/);
  expect(queries[0]?.text).toMatch(
    /json_to_recordset\(\$1\).*any \(\$3::int8\[\]\) and lane = \$2::text and note = any \(\$4::text\[\]\)$/s,
  );
});

test("a type says what may be null: the value, the elements of an array, or nothing although its column may be", () => {
  const [query] = parseQueryFile(FILE).queries;

  expect(query?.params).toMatchObject([
    { name: "moves", type: "json", typescript: "Move[]", nullable: false },
    { name: "lane", type: "text", nullable: true },
    { name: "ids", type: "_int8", nullable: false, nullableElements: false },
    { name: "notes", type: "_text", nullable: false, nullableElements: true },
  ]);
  expect(query?.returns).toMatchObject([
    { ensured: false },
    { typescript: "LedgerStatus" },
    { ensured: true },
  ]);
});

test("a query returns the columns of a type that it names", () => {
  const { types, queries } = parseQueryFile(FILE);

  expect(queries[1]).toMatchObject({ cardinality: "maybe", returnsType: "Move", returns: types[0]?.fields });
});

test.each([
  [
    "a parameter that its header leaves out",
    "-- params: id int8\nselect $id, $name",
    "has no parameter name",
  ],
  [
    "a parameter that it doesn't use",
    "-- params: id int8, name text\nselect $id",
    "doesn't use its parameter name",
  ],
  ["a type that its file hasn't", "-- returns: Row\nselect 1", "the type Row, which its file doesn't have"],
  ["a column without a type", "-- returns: id\nselect 1", "not a name and a type: id"],
])("a query with %s is refused", (_, rest, message) => {
  expect(() => parseQueryFile(`-- name: ask :many\n-- it asks\n${rest};\n`)).toThrow(message);
});
