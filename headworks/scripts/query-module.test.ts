import { expect, test } from "vitest";
import { queryModule } from "./query-module.ts";

const FILE = `-- from ../../domain/settlement/states.ts: TaskState
-- type Move (where a task goes): task_id int8, state text<TaskState>, note text?

-- name: moveTasks :many
-- tasks go on
-- params: moves json<Move[]>, lane text?, notes text?[]
-- returns: id int8, tags text[]?
select $moves, $lane, $notes;

-- name: forgetAll :exec
-- all is gone
delete from t;
`;

test("a module has a type for what each query takes and gives, and a function", () => {
  expect(
    queryModule("moves.sql", FILE),
  ).toBe(`// The queries of moves.sql, with the types that their headers declare. Written by npm run queries.

import type { TaskState } from "../../domain/settlement/states.ts";
import { openQueries } from "../sql.ts";

const queries = openQueries(new URL("moves.sql", import.meta.url));

/** Where a task goes. */
export interface Move {
  task_id: number;
  state: TaskState;
  note: string | null;
}

export interface MoveTasksParams {
  moves: readonly Move[];
  lane?: string | null | undefined;
  notes: readonly (string | null)[];
}

export interface MoveTasksRow {
  id: number;
  tags: string[] | null;
}

/** Tasks go on. */
export const moveTasks = queries.many<MoveTasksParams, MoveTasksRow>("moveTasks");

/** All is gone. */
export const forgetAll = queries.exec<void>("forgetAll");
`);
});

test.each([
  [
    "a TypeScript type that it neither has nor imports",
    "-- returns: state text<State>",
    "names the type State",
  ],
  ["a type that it doesn't use", "-- type Idle: id int8\n-- returns: id int8", "has the type Idle"],
  ["a type of PostgreSQL that has none in TypeScript", "-- returns: at point", "has the type point"],
])("a file with %s is refused", (_, header, message) => {
  expect(() => queryModule("x.sql", `-- name: ask :one\n-- it asks\n${header}\nselect 1;\n`)).toThrow(
    message,
  );
});
