// Reads datasets: rows, counts, and batches that follow the key, so that any amount is read with bounded memory.

import type { DatasetReader } from "../../define/context.ts";
import type { Dataset } from "../../define/dataset.ts";
import { HeadworksError } from "../../domain/error.ts";
import type { Executor } from "../database.ts";
import type { Column } from "./columns.ts";
import { explainingTable } from "./errors.ts";
import { conditionsOf, orderOf } from "./filter.ts";
import { type Statement, selectCount, selectRows, tableOf } from "./sql.ts";

type Values = Record<string, unknown>;

const BATCH_ROWS = 1_000;

/**
 * A reader of the dataset in a namespace. Rows come in the order of `orderBy`, then of the key, with values as the schema
 * has them; instants are in UTC, with milliseconds, or with microseconds where they have some.
 * `around` is asked to ask: it may ask again.
 * Its methods throw HeadworksError DATASET_NOT_APPLIED and DATASET_FILTER_INVALID.
 */
export function createReader<Row>(
  executor: Executor,
  namespace: string,
  dataset: Dataset,
  around: <T>(ask: () => Promise<T>) => Promise<T> = (ask) => ask(),
): DatasetReader<Row> {
  const table = tableOf(namespace, dataset);
  const run = async (statement: Statement): Promise<Values[]> =>
    (await around(() => explainingTable(namespace, dataset.name, () => executor.query<Values>(statement))))
      .rows;
  const rowOf = (values: Values) => asRow(table.columns, values) as Row;

  return {
    async rows(filter = {}, options = {}) {
      const selection = { conditions: conditionsOf(dataset, filter), ...orderOf(dataset, options) };
      return (await run(selectRows(table, selection))).map(rowOf);
    },
    async count(filter = {}) {
      const [counted] = await run(selectCount(table, conditionsOf(dataset, filter)));
      return Number(counted?.rows);
    },
    async *batches(filter = {}, size = BATCH_ROWS) {
      const conditions = conditionsOf(dataset, filter);
      const limit = batchSize(dataset, size);
      for (let after: string[] | undefined; ; ) {
        const page = after === undefined ? { conditions, limit } : { conditions, limit, after };
        const found = await run(selectRows(table, { ...page, keyTexts: true }));
        if (found.length > 0) yield found.map(rowOf);
        const last = found.at(-1);
        if (last === undefined || found.length < size) return;
        after = table.key.map((_, index) => String(last[`_key_${index}`]));
      }
    },
  };
}

function asRow(columns: readonly Column[], values: Values): Values {
  const row: Values = {};
  for (const { name, type, absent } of columns) {
    const value = values[name];
    if (value === null && absent) continue;
    row[name] = type === "numeric" && value !== null ? BigInt(String(value)) : value;
  }
  return row;
}

function batchSize(dataset: Dataset, size: number): number {
  if (Number.isSafeInteger(size) && size > 0) return size;
  throw new HeadworksError({
    code: "DATASET_FILTER_INVALID",
    message: `reading ${dataset.name}: ${size} is not a number of rows for a batch`,
    hint: "give a whole number, 1 or more",
  });
}
