// Reads the .sql files of this folder: named queries, each described in one sentence, run as prepared statements.

import { readFileSync } from "node:fs";
import type { QueryResultRow } from "pg";
import { answerLimitMs, type Executor } from "./database.ts";

/** One query of a .sql file. `params` and `returns` are PostgreSQL's type names, checked by a test against the server. */
export interface Query {
  name: string;
  cardinality: "one" | "many" | "exec";
  description: string;
  params: readonly string[];
  returns: readonly { name: string; type: string }[];
  text: string;
}

/** The queries of `<aggregate>.sql`, by name. Throws when the file isn't of the form `-- name: x :many`. */
export function readQueries(aggregate: string): ReadonlyMap<string, Query> {
  const text = readFileSync(new URL(`./${aggregate}.sql`, import.meta.url), "utf8");
  const blocks = text.split(/^(?=-- name: )/m).filter((block) => block.startsWith("-- name: "));
  return new Map(blocks.map(parseQuery).map((query) => [query.name, query]));
}

/** Looks queries up by name, once, when a store module is loaded. */
export function queriesOf<const N extends string>(
  aggregate: string,
  ...names: readonly N[]
): Record<N, Query> {
  const queries = readQueries(aggregate);
  const picked = names.map((name) => {
    const query = queries.get(name);
    if (query === undefined) throw new Error(`${aggregate}.sql has no query ${name}`);
    return [name, query] as const;
  });
  return Object.fromEntries(picked) as Record<N, Query>;
}

/** Runs a query for its rows. */
export async function many<Row extends QueryResultRow>(
  executor: Executor,
  query: Query,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const result = await executor.query<Row>(askedOf(executor, query, values));
  return result.rows;
}

/** Runs a query for its first row, if it has one. */
export async function findOne<Row extends QueryResultRow>(
  executor: Executor,
  query: Query,
  values: readonly unknown[] = [],
): Promise<Row | undefined> {
  return (await many<Row>(executor, query, values))[0];
}

/** Runs a query for the one row that it always gives. Throws where it gives none: then an assumption of ours is wrong. */
export async function one<Row extends QueryResultRow>(
  executor: Executor,
  query: Query,
  values: readonly unknown[] = [],
): Promise<Row> {
  const row = await findOne<Row>(executor, query, values);
  if (row === undefined) throw new Error(`${query.name} gave no row`);
  return row;
}

/** Runs a query for its effect; gives the number of rows affected. */
export async function exec(
  executor: Executor,
  query: Query,
  values: readonly unknown[] = [],
): Promise<number> {
  const result = await executor.query(askedOf(executor, query, values));
  return result.rowCount ?? 0;
}

function askedOf(executor: Executor, { name, text }: Query, values: readonly unknown[]) {
  return { name, text, values: [...values], query_timeout: answerLimitMs(executor) };
}

function parseQuery(block: string): Query {
  const lines = block.split("\n");
  const head = /^-- name: (\w+) :(one|many|exec)$/.exec(lines[0] ?? "");
  if (head === null) throw new Error(`not a query header: ${lines[0]}`);
  const field = (label: string) => {
    const line = lines.find((each) => each.startsWith(`-- ${label}:`));
    return (line?.slice(label.length + 4).trim() ?? "").split(/,\s*/).filter((part) => part !== "");
  };
  const firstStatement = lines.findIndex((line) => !line.startsWith("--"));
  return {
    name: head[1] ?? "",
    cardinality: head[2] as Query["cardinality"],
    description: (lines[1] ?? "").replace(/^-- /, ""),
    params: field("params"),
    returns: field("returns").map((column) => {
      const [name = "", type = ""] = column.split(" ");
      return { name, type };
    }),
    text: lines.slice(firstStatement).join("\n").trim().replace(/;$/, ""),
  };
}
