// Runs the queries of the .sql files, as named prepared statements: the generated modules make a function of each.

import { readFileSync } from "node:fs";
import { numberArray, textArray } from "./arrays.ts";
import { answerLimitMs, type Executor } from "./database.ts";
import { type Field, parseQueryFile, type Query } from "./query-file.ts";

/** The queries of a .sql file by name, each to be made a function once, when its module is loaded. `void` is a query without parameters. */
export function openQueries(file: URL) {
  const queries = new Map(readQueries(file).map((query) => [query.name, query]));
  const statementOf = <Params>(name: string) => {
    const query = queries.get(name);
    if (query === undefined) throw new Error(`${file.pathname} has no query ${name}`);
    return statement<Params>(query);
  };
  return {
    /** Gives the rows. */
    many<Params, Row>(name: string) {
      const asked = statementOf<Params>(name);
      return async (executor: Executor, params: Params): Promise<Row[]> =>
        (await executor.query(asked(executor, params))).rows;
    },
    /** Gives the row, if there is one. */
    maybe<Params, Row>(name: string) {
      const asked = statementOf<Params>(name);
      return async (executor: Executor, params: Params): Promise<Row | undefined> =>
        (await executor.query(asked(executor, params))).rows[0];
    },
    /** Gives the row. Throws where there is none: then an assumption of ours is wrong. */
    one<Params, Row>(name: string) {
      const asked = statementOf<Params>(name);
      return async (executor: Executor, params: Params): Promise<Row> => {
        const [row] = (await executor.query(asked(executor, params))).rows;
        if (row === undefined) throw new Error(`${name} gave no row`);
        return row;
      };
    },
    /** Gives the number of rows affected. */
    exec<Params>(name: string) {
      const asked = statementOf<Params>(name);
      return async (executor: Executor, params: Params): Promise<number> =>
        (await executor.query(asked(executor, params))).rowCount ?? 0;
    },
  };
}

/** All queries of a file. Throws when it isn't of the form that CONTRIBUTING describes. */
export function readQueries(file: URL): readonly Query[] {
  return parseQueryFile(readFileSync(file, "utf8")).queries;
}

function statement<Params>({ name, text, params, unprepared }: Query) {
  const places = params.map((param) => ({ key: param.name as keyof Params, write: writerOf(param) }));
  const asked = unprepared ? { text } : { name, text };
  return (executor: Executor, given: Params) => ({
    ...asked,
    values: places.map(({ key, write }) => {
      const value = given[key];
      return value === null || value === undefined ? null : write(value);
    }),
    query_timeout: answerLimitMs(executor),
  });
}

/** How a value is written for the server. The driver writes JavaScript's arrays, but slowly, and takes them for arrays where JSON is meant. */
function writerOf({ type }: Field): (value: unknown) => unknown {
  if (type === "json" || type === "jsonb") return JSON.stringify;
  if (/^_(int|float|bool)/.test(type)) return (value) => numberArray(value as number[]);
  if (type.startsWith("_")) return (value) => textArray(value as string[]);
  return (value) => value;
}
