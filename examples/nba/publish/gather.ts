// Reads what a publication is made of, and remembers what it had to do without.

import type { Dataset, DatasetReader, RowOf } from "headworks";

/** What a run's context is to somebody who takes what is there. */
interface Shelf {
  has(dataset: Dataset): boolean;
  isSettled(dataset: Dataset): Promise<boolean>;
  read<D extends Dataset>(dataset: D): DatasetReader<RowOf<D>>;
}

export interface Gathering {
  /** The rows that are there; none where the season has no such dataset. */
  rows<D extends Dataset>(
    dataset: D,
    filter?: Parameters<DatasetReader<RowOf<D>>["rows"]>[0],
  ): Promise<RowOf<D>[]>;
  /** The datasets of this season that were asked for and are not complete: late, fallen short or failed. */
  without: string[];
}

export function gather(ctx: Shelf): Gathering {
  const without: string[] = [];
  return {
    without,
    async rows(dataset, filter) {
      if (!ctx.has(dataset)) return [];
      if (!(await ctx.isSettled(dataset))) without.push(dataset.name);
      return ctx.read(dataset).rows(filter);
    },
  };
}
